import * as fs from 'node:fs';
import * as path from 'node:path';
import { isRunning, ownMark, parseMark, writeMark } from './process-mark';
import type { ProcessMark } from './process-mark';
import type { BlobStore, StateStore } from './world';

/** How long changes are gathered before they are written. */
const WRITE_DELAY_MS = 100;

/** State in memory only, for tests. */
export class MemoryState implements StateStore {
  private readonly slices: { [name: string]: object } = {};
  private readonly content = new Map<string, Buffer>();

  readonly blobs: BlobStore = {
    put: (name, content) => void this.content.set(name, content),
    get: (name) => this.content.get(name),
    delete: (name) => void this.content.delete(name),
  };

  slice<T extends object>(name: string, initial: () => T): T {
    return (this.slices[name] ??= initial()) as T;
  }

  changed(): void {}
}

/** State in a folder, so that `deploy`, `diff` and `destroy` in separate processes see one world. */
export class FolderState implements StateStore {
  private slices: { [name: string]: object };
  private timer?: NodeJS.Timeout;
  readonly blobs: BlobStore;

  /** @throws Error when another running process uses the folder, or its state is damaged */
  constructor(readonly folder: string) {
    fs.mkdirSync(path.join(folder, 'blobs'), { recursive: true });
    // The folder holds no secrets, but it does not belong into anybody's repository either.
    fs.writeFileSync(path.join(folder, '.gitignore'), '*\n');
    this.claim();
    this.slices = this.read();
    this.blobs = {
      put: (name, content) => writeWhole(this.blobPath(name), content),
      get: (name) => readIfThere(this.blobPath(name)),
      delete: (name) => fs.rmSync(this.blobPath(name), { force: true }),
    };
  }

  slice<T extends object>(name: string, initial: () => T): T {
    return (this.slices[name] ??= initial()) as T;
  }

  changed(): void {
    this.timer ??= setTimeout(() => this.flush(), WRITE_DELAY_MS).unref();
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    writeWhole(this.statePath, Buffer.from(JSON.stringify(this.slices)));
  }

  /** Forgets everything. Whoever holds a slice has to ask for it again. */
  clear(): void {
    this.slices = {};
    fs.rmSync(path.join(this.folder, 'blobs'), { recursive: true, force: true });
    fs.mkdirSync(path.join(this.folder, 'blobs'), { recursive: true });
    this.flush();
  }

  close(): void {
    this.flush();
    fs.rmSync(this.claimPath, { force: true });
  }

  private get statePath(): string {
    return path.join(this.folder, 'state.json');
  }

  private get claimPath(): string {
    return path.join(this.folder, 'process');
  }

  private blobPath(name: string): string {
    return path.join(this.folder, 'blobs', encodeURIComponent(name));
  }

  private read(): { [name: string]: object } {
    const content = readIfThere(this.statePath);
    if (!content) return {};
    try {
      const slices = JSON.parse(content.toString('utf8')) as { [name: string]: object };
      if (isRecord(slices) && Object.values(slices).every((slice) => typeof slice === 'object' && slice !== null)) return slices;
      throw new Error('it holds no world');
    } catch (error) {
      fs.rmSync(this.claimPath, { force: true });
      throw new Error(
        `\`--state\` must name a folder whose state is whole: ${this.statePath} is damaged (${(error as Error).message}). ` +
          `Remove the folder ${this.folder} to begin with an empty world, or choose another folder.`,
      );
    }
  }

  private claim(): void {
    const holder = parseMark(readIfThere(this.claimPath)?.toString() ?? '');
    if (holder && holder.pid !== process.pid && isRunning(holder)) {
      throw new Error(
        `\`--state\` must name a folder that no other local endpoint uses: ${this.folder} is in use by process ${holder.pid}. ` +
          `Send your requests to that endpoint, or choose another folder. ${wayOut(holder, this.claimPath)}`,
      );
    }
    fs.writeFileSync(this.claimPath, writeMark(ownMark()));
  }
}

/** A bare id may meanwhile be a stranger's: nobody should be told to end it. */
function wayOut({ startTime }: ProcessMark, claimPath: string): string {
  return startTime === undefined
    ? `If that process is no local endpoint, the one that used the folder has ended: then delete ${claimPath}.`
    : 'Ctrl-C (SIGTERM) stops it.';
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readIfThere(file: string): Buffer | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file) : undefined;
}

/** A reader sees the old content or the new one, never half of it, even when the process is killed in between. */
function writeWhole(file: string, content: Buffer): void {
  const draft = `${file}.${process.pid}.new`;
  fs.writeFileSync(draft, content);
  fs.renameSync(draft, file);
}
