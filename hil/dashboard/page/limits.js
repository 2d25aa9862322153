// Between which limits the cells are drawn.
//
// The API does not tell the limits of a device. They are the trips of a BMS profile of packbench, where the model of the
// device names one; else none, until somebody chooses a profile or types limits, which this browser keeps for the device.
const limitsPlace = id => 'packbench.limits.' + id;
const profileOf = id => kProfiles.find(profile => profile.id === id);

// {choice, low, high, why}: choice is a profile's id, 'own' or 'none'; low and high are null for none.
function limitsOf(device) {
  const named = kProfiles.find(profile => device.Model.toLowerCase().split(/[^a-z0-9-]+/).includes(profile.id));
  try {
    const {choice, low, high} = JSON.parse(localStorage.getItem(limitsPlace(device.DeviceId)));
    if (choice === 'own' && Number.isFinite(low) && Number.isFinite(high) && low < high) return {choice, low, high, why: 'typed here'};
    if (choice === 'none') return {choice, low: null, high: null, why: ''};
    if (profileOf(choice)) return {choice, ...trips(choice), why: 'chosen here'};
  } catch (error) { /* none kept, or none that can be read */ }
  return named ? {choice: named.id, ...trips(named.id), why: 'named by the model of the device'} : {choice: 'none', low: null, high: null, why: ''};
}

const trips = id => ({low: profileOf(id).low, high: profileOf(id).high});

function limitsSource(limits) {
  if (limits.choice === 'none') return 'No limits: the API does not tell those of this device. Choose its BMS profile, or type your own.';
  const between = fixed(limits.low, 2, 'V') + ' to ' + fixed(limits.high, 2, 'V');
  if (limits.choice === 'own') return 'Limits: ' + between + ', typed here and kept in this browser; the API does not tell those of the device.';
  return 'Limits: ' + between + ', the trips cell_uv and cell_ov of the BMS profile ' + limits.choice + ', ' + limits.why + '; the API does not tell those of the device.';
}

function limitsForm(device, changed) {
  const kept = limitsOf(device);
  const number = (name, value) => el('input', {type: 'number', step: '0.01', min: '0', max: '6.6', value, 'aria-label': name + ' limit in V', name});
  const low = number('low', kept.low), high = number('high', kept.high);
  const option = (value, text) => el('option', {value}, text);
  const choice = el('select', {'aria-label': 'Limits of the cells', name: 'limits'}, option('none', 'none'),
    kProfiles.map(profile => option(profile.id, profile.id)), option('own', 'own'));
  const own = el('span', {class: 'own', hidden: kept.choice !== 'own'}, low, '\u2013', high, ' V');
  choice.value = kept.choice;
  const apply = () => {
    const limits = {choice: choice.value, low: low.valueAsNumber, high: high.valueAsNumber};
    own.hidden = limits.choice !== 'own';
    if (profileOf(limits.choice)) {
      Object.assign(limits, trips(limits.choice));
      [low.value, high.value] = [limits.low, limits.high];  // own ones begin with these
    }
    const wrong = !(limits.low < limits.high);
    high.setAttribute('aria-invalid', wrong);
    if (wrong && limits.choice === 'own') return;
    localStorage.setItem(limitsPlace(device.DeviceId), JSON.stringify(limits));
    changed();
  };
  [choice, low, high].forEach(input => input.addEventListener('change', apply));
  return el('span', {class: 'limits'}, el('span', {class: 'soft', 'aria-hidden': 'true'}, 'Limits'), choice, own);
}
