import * as path from 'node:path';
import { runBundled } from './bundled-run';

void runBundled(path.join(__dirname, 'cli.ts'));
