// What lies behind the lines of every plot of a run: phases as alternating bands, faults as dashed lines, check windows as a strip.
function drawPhases(u, run) {
  const {ctx, bbox} = u, ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  run.phases.forEach((phase, i) => {
    const from = u.valToPos(phase.from_s, 'x', true), to = u.valToPos(phase.to_s, 'x', true);
    if (i % 2 === 0) {
      ctx.fillStyle = color('phase');
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
    }
    const left = Math.max(from, bbox.left), room = Math.min(to, bbox.left + bbox.width) - left - 8 * ratio;
    ctx.font = 11 * ratio + 'px system-ui, sans-serif';
    ctx.fillStyle = color('soft');
    ctx.textBaseline = 'top';
    ctx.textAlign = 'left';  // the axes leave their own
    const label = fitted(ctx, phase.label, room);
    if (label) ctx.fillText(label, left + 4 * ratio, bbox.top + 3 * ratio);
  });
  ctx.restore();
}

// The text, shortened to `room`, or nothing when not even a few letters fit.
function fitted(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  for (let n = text.length - 1; n >= 3; --n) {
    if (ctx.measureText(text.slice(0, n) + '\u2026').width <= room) return text.slice(0, n) + '\u2026';
  }
  return '';
}

function verticalLine(u, time, stroke, dash) {
  const {ctx, bbox} = u, ratio = devicePixelRatio, x = Math.round(u.valToPos(time, 'x', true));
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = 1.5 * ratio;
  ctx.setLineDash(dash.map(d => d * ratio));
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

function drawFaults(u, run) {
  for (const fault of run.faults) verticalLine(u, fault.at_s, color(fault.active ? 'fail' : 'soft'), fault.active ? [5, 3] : [2, 4]);
}

function failedAt(check) {
  return check.verdict === 'fail' && check.worst_at_s !== null;
}

function drawFailures(u, run) {
  for (const check of run.checks) {
    if (failedAt(check)) verticalLine(u, check.worst_at_s, color('fail'), []);
  }
}

// A thin strip on the time axis: where a when-then check waited for its answer.
function drawWindows(u, run) {
  const {ctx, bbox} = u, ratio = devicePixelRatio, height = 5 * ratio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const check of run.checks) {
    for (const [from_s, to_s] of check.windows) {
      const from = u.valToPos(from_s, 'x', true), to = u.valToPos(to_s, 'x', true), width = Math.max(to - from, 2 * ratio);
      ctx.fillStyle = color(check.verdict);
      ctx.globalAlpha = 0.09;
      ctx.fillRect(from, bbox.top, width, bbox.height);
      ctx.globalAlpha = 0.9;
      ctx.fillRect(from, bbox.top + bbox.height - height, width, height);
    }
  }
  ctx.restore();
}

function marks(run) {
  return {hooks: {
    drawClear: [u => drawPhases(u, run)],
    draw: [u => { drawWindows(u, run); drawFaults(u, run); drawFailures(u, run); }],
  }};
}
