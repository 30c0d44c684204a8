import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { FolderState } from '../../../local/server/state-folder';

const onLinux = process.platform === 'linux' ? test : test.skip;

describe('FolderState', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'state-folder-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('what one process stores, the next one finds', () => {
    const first = new FolderState(folder);
    first.slice<{ vaults: string[] }>('glacier', () => ({ vaults: [] })).vaults.push('ledger');
    first.blobs.put('archive/1', Buffer.from([1, 2, 3]));
    first.changed();
    first.close();

    const second = new FolderState(folder);
    expect(second.slice('glacier', () => ({ vaults: [] }))).toEqual({ vaults: ['ledger'] });
    expect(second.blobs.get('archive/1')).toEqual(Buffer.from([1, 2, 3]));
    second.close();
  });

  test('refuses a folder that another living process uses, and says what to do', () => {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'process'), String(process.ppid));
    expect(() => new FolderState(folder)).toThrow(
      /`--state` must name a folder that no other local endpoint uses: .* is in use by process \d+/,
    );
  });

  test('tells nobody to end a process that may be a stranger’s: the claim says only an id', () => {
    const claim = path.join(folder, 'process');
    fs.writeFileSync(claim, String(process.ppid));
    expect(() => new FolderState(folder)).toThrow(
      `If that process is no local endpoint, the one that used the folder has ended: then delete ${claim}.`,
    );
  });

  onLinux('takes a folder over whose process has died and whose id another process has now', () => {
    fs.writeFileSync(path.join(folder, 'process'), `${process.ppid} 1`);
    expect(() => new FolderState(folder).close()).not.toThrow();
  });

  onLinux('says when its process started', () => {
    const state = new FolderState(folder);
    expect(fs.readFileSync(path.join(folder, 'process'), 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+$`));
    state.close();
  });

  test.each([
    ['cut off', '{"glacier":{"vaults":[{"vaul'],
    ['empty', ''],
    ['something else', '[1,2]'],
    ['a slice that is none', '{"glacier":null}'],
  ])('names the file of a damaged state (%s), the way out, and leaves it as it is', (_what, content) => {
    const file = path.join(folder, 'state.json');
    fs.writeFileSync(file, content);
    expect(() => new FolderState(folder)).toThrow(`\`--state\` must name a folder whose state is whole: ${file} is damaged`);
    expect(() => new FolderState(folder)).toThrow(`Remove the folder ${folder} to begin with an empty world, or choose another folder.`);
    expect(fs.readFileSync(file, 'utf8')).toBe(content);
    expect(fs.existsSync(path.join(folder, 'process'))).toBe(false);
  });

  test('takes a folder over whose process is dead', () => {
    fs.writeFileSync(path.join(folder, 'process'), '999999999');
    expect(() => new FolderState(folder).close()).not.toThrow();
  });

  test('clear forgets slices and blobs', () => {
    const state = new FolderState(folder);
    state.slice<{ vaults: string[] }>('glacier', () => ({ vaults: [] })).vaults.push('ledger');
    state.blobs.put('archive', Buffer.from('x'));
    state.clear();
    expect(state.slice('glacier', () => ({ vaults: [] }))).toEqual({ vaults: [] });
    expect(state.blobs.get('archive')).toBeUndefined();
    state.close();
  });

  test('keeps itself out of version control', () => {
    new FolderState(folder).close();
    expect(fs.readFileSync(path.join(folder, '.gitignore'), 'utf8')).toBe('*\n');
  });
});
