/**
 * The child process' main module, as text (see preload-source.ts). It does what Lambda's Node.js runtime does for one invocation:
 * reads the order from standard input, loads the handler, calls it, reports on file descriptor 3 and stops dead, like a sandbox
 * that is frozen once the answer is out.
 */
export const BOOTSTRAP_SOURCE = String.raw`'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { format } = require('node:util');

const order = JSON.parse(fs.readFileSync(0, 'utf8'));
const pause = new Int32Array(new SharedArrayBuffer(4));
let finished = false;
// A handler that neither answers nor leaves anything to wait for has answered null.
let atEmptyEventLoop = () => succeed(null);

takeOverOutput();
require('./preload.cjs').install(order);
process.on('uncaughtException', (error) => finish({ failure: describe(error) }));
process.on('unhandledRejection', (reason) =>
  finish({ failure: { ...describe(reason), errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) } }),
);
main();

async function main() {
  let handler;
  try {
    handler = await loadHandler(order.handler);
    if (order.asyncOnly && handler.length >= 3) {
      throw typed('Runtime.CallbackHandlerDeprecated', 'Callback-based function handlers end with Node.js 22; this runtime takes async handlers only.');
    }
  } catch (error) {
    report({ ready: true });
    return finish({ failure: describe(error) });
  }
  report({ ready: true });
  invoke(handler);
}

function invoke(handler) {
  const { context, callback } = invocation();
  let result;
  try {
    result = handler(JSON.parse(order.event), context, callback);
  } catch (error) {
    return finish({ failure: describe(error) });
  }
  if (result !== null && typeof result === 'object' && typeof result.then === 'function') {
    result.then(succeed, (error) => finish({ failure: describe(error) }));
  } else if (order.asyncOnly) {
    succeed(result);
  }
  process.on('beforeExit', () => atEmptyEventLoop());
}

function invocation() {
  const deadline = performance.now() + order.timeoutMs;
  const done = (error, result) => (error === null || error === undefined ? succeed(result) : finish({ failure: describe(error) }));
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    ...order.context,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
    done,
    succeed: (result) => done(null, result),
    fail: (error) => done(error === undefined ? 'handled' : error),
  };
  const callback = (error, result) => {
    if (!context.callbackWaitsForEmptyEventLoop) return done(error, result);
    atEmptyEventLoop = () => done(error, result);
  };
  return { context, callback };
}

function succeed(result) {
  let payload;
  try {
    payload = JSON.stringify(result === undefined ? null : result);
  } catch {
    return finish({ failure: { errorType: 'Runtime.MarshalError', errorMessage: 'Unable to stringify response body', trace: [] } });
  }
  finish({ payload: payload === undefined ? 'null' : payload });
}

function finish(answer) {
  if (finished) return;
  finished = true;
  if (answer.failure) {
    const { errorType, errorMessage, trace } = answer.failure;
    writeLine(2, 'ERROR', 'Invoke Error \t' + JSON.stringify({ errorType, errorMessage, stack: trace }));
  }
  const payload = answer.failure ? JSON.stringify(answer.failure) : answer.payload;
  report({ answer: { failed: answer.failure !== undefined, payload, maxMemoryKb: process.resourceUsage().maxRSS } });
  process.kill(process.pid, 'SIGKILL');
}

async function loadHandler(name) {
  const folder = path.dirname(name);
  const [, moduleName, exportPath] = /^([^.]*)\.(.+)$/.exec(path.basename(name)) || [];
  if (moduleName === undefined) throw typed('Runtime.MalformedHandlerName', 'Bad handler');
  const base = path.resolve(order.taskRoot, folder, moduleName);
  const file = ['', '.js', '.mjs', '.cjs'].map((extension) => base + extension).find(isFile);
  if (file === undefined) {
    throw typed('Runtime.ImportModuleError', "Error: Cannot find module '" + path.join(folder, moduleName) + "'");
  }
  const handler = exportPath.split('.').reduce((found, part) => (found === undefined ? undefined : found[part]), await loadModule(file));
  if (handler === undefined) throw typed('Runtime.HandlerNotFound', name + ' is undefined or not exported');
  if (typeof handler !== 'function') throw typed('Runtime.HandlerNotFound', name + ' is not a function');
  return handler;
}

async function loadModule(file) {
  try {
    return file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    const code = error && error.code;
    if (code === 'ERR_REQUIRE_ESM' || code === 'ERR_REQUIRE_ASYNC_MODULE') return import(pathToFileURL(file).href);
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') throw typed('Runtime.ImportModuleError', String(error) + hint(error), error.stack);
    if (error instanceof SyntaxError) throw typed('Runtime.UserCodeSyntaxError', String(error), error.stack);
    throw error;
  }
}

function hint(error) {
  const sdkPackage = /@(?:aws-sdk|smithy)\/[\w-]+/.exec(error.message.split('\n')[0]);
  if (sdkPackage === null) return '';
  return '\nOn AWS the runtime brings ' + sdkPackage[0] + ' along. The local endpoint lends functions the copy in node_modules of the folder ' +
    'that it is started in: run npm install --no-save ' + sdkPackage[0] + ' there, or bundle it with the function.';
}

function isFile(candidate) {
  const stats = fs.statSync(candidate, { throwIfNoEntry: false });
  return stats !== undefined && stats.isFile();
}

function typed(name, message, stack) {
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

function describe(error) {
  if (error === null || typeof error !== 'object' || !('message' in error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return { errorType: error.name || 'Error', errorMessage: String(error.message), trace: String(error.stack || '').split('\n') };
}

function takeOverOutput() {
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...args) => writeLine(1, level, format(...args));
  }
  for (const [stream, descriptor] of [[process.stdout, 1], [process.stderr, 2]]) {
    stream.write = (chunk, encoding, callback) => {
      writeAll(descriptor, typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : chunk);
      const written = typeof encoding === 'function' ? encoding : callback;
      if (typeof written === 'function') process.nextTick(written);
      return true;
    };
  }
}

// One message is one log event, whatever line breaks it has: they travel as carriage returns.
function writeLine(descriptor, level, message) {
  const line = [new Date().toISOString(), order.context.awsRequestId, level, message].join('\t');
  writeAll(descriptor, Buffer.from(line.replace(/\n/g, '\r') + '\n'));
}

function report(message) {
  writeAll(3, Buffer.from(JSON.stringify(message) + '\n'));
}

// Synchronous, so that nothing is lost when the process stops; a full pipe is waited for.
function writeAll(descriptor, bytes) {
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += fs.writeSync(descriptor, bytes, sent);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}
`;
