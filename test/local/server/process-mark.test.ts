import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isRunning, ownMark, parseMark, parseStatus, writeMark } from '../../../local/server/process-mark';

/** A real line, of a program that calls itself `a) S 1 (b`. */
const STAT =
  '4242 (a) S 1 (b) R 1 4242 4242 0 -1 4194304 90 0 0 0 0 0 0 0 20 0 1 0 987654 2314240 215 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0';

describe('the mark of a process', () => {
  test('is read back as it was written', () => {
    for (const mark of [{ pid: 4242, startTime: '987654' }, { pid: 4242 }]) expect(parseMark(writeMark(mark))).toEqual(mark);
    expect(parseMark('')).toBeUndefined();
    expect(parseMark('half a ma')).toBeUndefined();
  });

  test('this process runs, and one that never was does not', () => {
    expect(isRunning(ownMark())).toBe(true);
    expect(isRunning({ pid: 999_999_999 })).toBe(false);
  });

  test('the status is found behind any name that a program gives itself', () => {
    expect(parseStatus(STAT)).toEqual({ state: 'R', startTime: '987654' });
  });

  test.each([
    ['the same process', { state: 'S', startTime: '10' }, '10', true],
    ['a later process with its id', { state: 'S', startTime: '99' }, '10', false],
    ['a zombie', { state: 'Z', startTime: '10' }, '10', false],
    ['a zombie, by a mark without a time', { state: 'Z', startTime: '10' }, undefined, false],
    ['any process, by a mark without a time', { state: 'S', startTime: '99' }, undefined, true],
  ])('%s: %j against %s', (_what, status, startTime, runs) => {
    expect(isRunning({ pid: 4242, startTime }, () => status)).toBe(runs);
  });

  test('where the system does not tell, the id alone decides', () => {
    expect(isRunning({ pid: process.pid, startTime: '10' }, () => undefined)).toBe(true);
  });

  (process.platform === 'linux' ? test : test.skip)('a child that has ended and that nobody has asked about counts as dead', async () => {
    // The shell becomes `cat`, which never asks about the child that the shell has left it.
    const parent = spawn('sh', ['-c', 'tail -f /dev/null & echo $!; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let child: { readonly pid: number } | undefined;
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      child = { pid: Number(line.toString()) };
      parent.stdin.write('now I am cat');
      await once(parent.stdout, 'data');
      expect(isRunning(child)).toBe(true);
      process.kill(child.pid, 'SIGKILL');
      const end = Date.now() + 3_000;
      while (isRunning(child) && Date.now() < end) await new Promise(setImmediate);
      expect(isRunning(child)).toBe(false);
      // To signals it looks alive.
      expect(() => process.kill(child!.pid, 0)).not.toThrow();
    } finally {
      if (child && isRunning(child)) process.kill(child.pid, 'SIGKILL');
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  });
});
