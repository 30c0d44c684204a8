import { parseLocalArguments, UsageError } from '../../local/arguments';

describe('cdk-vault-lock local', () => {
  test.each([
    [[], { port: 4566, state: '.cdk-vault-lock', accountId: '123456789012', command: undefined }],
    [['--port', '0'], { port: 0, command: undefined }],
    [['--port', '8080', '--state', '/tmp/x', '--account', '999999999999'], { port: 8080, state: '/tmp/x', accountId: '999999999999' }],
    [['--', 'npx', 'cdk', 'deploy', '--all'], { port: 0, command: ['npx', 'cdk', 'deploy', '--all'] }],
    [['--port', '4567', '--', 'aws', '--level', '-1'], { command: ['aws', '--level', '-1'] }],
    [['--port', '4567', '--', 'aws', '--port', '1'], { port: 4567, command: ['aws', '--port', '1'] }],
    [['--switch', 'glacier.deleteMissingVault=404', '--switch', 'a=b=c'], { switches: { 'glacier.deleteMissingVault': '404', a: 'b=c' } }],
  ])('%j', (args, expected) => {
    expect(parseLocalArguments(args)).toMatchObject(expected);
  });

  test.each([
    [['--port', 'x'], '`--port` must be a number from 0 to 65535, got: x'],
    [['--port', '70000'], '`--port` must be a number from 0 to 65535, got: 70000'],
    [['--port', '-1'], '`--port` must be a number from 0 to 65535, got: -1'],
    [['--account', '123'], '`--account` must be 12 digits, got: 123'],
    [['--'], 'After `--` there must be a command to run.'],
    [['--switch', 'x'], '`--switch` must be NAME=VALUE, got: x'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('%j is refused', (args, message) => {
    expect(() => parseLocalArguments(args)).toThrow(UsageError);
    expect(() => parseLocalArguments(args)).toThrow(message);
  });
});
