// What a person would see at once: blank plots, a page that scrolls sideways, texts without contrast.
import fs from 'node:fs';
import path from 'node:path';

// Share of pixels of a canvas that are not its most common colour.
export const inked = canvas => canvas.evaluate(node => {
  const data = new Uint32Array(node.getContext('2d').getImageData(0, 0, node.width, node.height).data.buffer);
  const seen = new Map();
  for (const pixel of data) seen.set(pixel, (seen.get(pixel) || 0) + 1);
  return 1 - Math.max(...seen.values()) / data.length;
});

export const sideways = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// Texts whose contrast with what lies behind them is below 4.5 to 1.
export const faint = page => page.evaluate(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = css => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = css => {
    const [r, g, b] = Array.from(rgb(css)).slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = node => {
    for (let at = node; at; at = at.parentElement) {
      const background = getComputedStyle(at).backgroundColor;
      if (rgb(background)[3] === 255) return background;
    }
    return 'white';
  };
  const texts = [...document.querySelectorAll('main *')].filter(node => node.offsetParent && [...node.childNodes].some(c => c.nodeType === 3 && c.data.trim()));
  return texts.map(node => {
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), node.className + ': ' + node.textContent.slice(0, 40)];
  }).filter(([ratio]) => ratio < 4.5);
});

// What axe finds against WCAG 2.1 A and AA and its own good practice.
const axe = fs.readFileSync(path.join(process.env.PACKBENCH_NODE_MODULES, 'axe-core/axe.min.js'), 'utf8');
export async function barriers(page) {
  await page.evaluate(axe);
  const {violations, passes} = await page.evaluate(() => window.axe.run({resultTypes: ['violations']}));
  if (passes.length < 10) throw new Error('axe judged next to nothing');
  return violations.flatMap(({id, help, nodes}) => nodes.map(node => id + ': ' + help + ': ' + node.target.join(' ')));
}
