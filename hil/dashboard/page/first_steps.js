// What to do when there is nothing to show yet: commands that work when pasted into a shell, and ask for the key there.
function command(text) {
  const button = el('button', {type: 'button', onclick: () => copyText(text).then(() => {
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  })}, 'Copy');
  return el('div', {class: 'command'}, el('code', {tabindex: '0'}, text), button);
}

const shellText = value => "'" + String(value).replaceAll("'", "'\\''") + "'";

function postCommand(path, body) {
  return 'read -rsp \'API key: \' KEY && curl -sS -H "ApiKey: $KEY" -H \'Content-Type: application/json\' --data ' +
      shellText(JSON.stringify(body)) + ' ' + shellText(location.origin + path);
}

function showNoDevices(main) {
  main.replaceChildren(el('section', {class: 'empty'},
    el('h1', {}, 'No devices yet'),
    el('p', {}, 'This server knows no battery so far. Register one, in bash:'),
    command(postCommand('/v1/devices', {deviceId: 'PACK-1', name: 'First pack', model: '15 cells', location: 'Bench 1'})),
    el('p', {class: 'soft'}, 'The page shows it by itself as soon as it is there. The key must have the scope devices:write.')));
}

function noRecords(id) {
  const cells = Array.from({length: 15}, (_, i) => Number((3.3 + 0.002 * i).toFixed(3)));
  const record = {pack_voltage: 49.71, cell_voltage: cells, temperature: 25, pack_current: 0, soc: 50, bms_state: 'IDLE',
                  main_contactor_state: false, charger_contactor_state: false};
  return el('section', {class: 'empty'},
    el('h2', {}, 'No records yet'),
    el('p', {}, 'This device has sent nothing so far. To send one record by hand, in bash:'),
    command(postCommand(telemetryPath(id), record)),
    el('p', {class: 'soft'}, 'It appears here within a second.'));
}
