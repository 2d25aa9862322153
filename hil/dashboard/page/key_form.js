// Asks for the key, once.
function showKeyForm(main, why, onKey) {
  const input = el('input', {id: 'key', type: 'password', required: true, autocomplete: 'off', spellcheck: 'false', maxlength: 256,
                             'aria-describedby': 'key-hint' + (why ? ' key-error' : ''), 'aria-invalid': why ? 'true' : null});
  const submit = event => {
    event.preventDefault();
    const value = input.value.trim();
    if (value) onKey(value);
  };
  main.replaceChildren(el('form', {class: 'key-form', onsubmit: submit},
    el('h1', {}, 'Open the bench'),
    why && el('p', {id: 'key-error', class: 'notice bad', role: 'alert'}, why),
    el('label', {for: 'key'}, 'API key'),
    el('div', {class: 'field'}, input, el('button', {type: 'submit', class: 'primary'}, 'Open')),
    el('p', {id: 'key-hint', class: 'soft'}, 'A key is made by ', el('code', {}, 'packbench keys add'),
      ' in the folder of the store, or is the one of PACKBENCH_API_KEY that the server was started with. It stays in this tab, until the tab is closed.')));
  input.focus();
}
