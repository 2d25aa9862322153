// The npm packages of this folder, wherever they are installed.
import {createRequire} from 'node:module';
import path from 'node:path';

export const modules = process.env.PACKBENCH_CONTRACT_MODULES;
export const require = createRequire(path.join(modules, 'anchor.js'));
