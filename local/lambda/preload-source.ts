/**
 * What is loaded into the child process before a function's code, as the text of a CommonJS module: the endpoint is bundled into
 * one file, so there is no file beside it that a child could load.
 *
 * It takes the place of three things that surround a function on AWS:
 * - CloudFormation's response bucket: `cfn-response` and CDK's own handlers build the PUT from host and path on port 443, so it
 *   has to be caught where the request is made;
 * - the time of day, which the endpoint can move;
 * - the network: nothing but this machine can be reached, so a rehearsal never touches a real account.
 */
export const PRELOAD_SOURCE = String.raw`'use strict';
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const { urlToHttpOptions } = require('node:url');

const RESPONSE_HOST = /^cloudformation-custom-resource-response-/;
const THIS_MACHINE = /^(localhost|127(\.\d+){3}|::1|\[::1\])$/;

exports.install = ({ endpoint, clockOffset }) => {
  redirectRequests(new URL(endpoint));
  redirectFetch(new URL(endpoint));
  refuseOtherHosts();
  if (clockOffset !== 0) shiftClock(clockOffset);
  require('node:module').syncBuiltinESMExports();
};

function redirectRequests(target) {
  const original = https.request;
  https.request = function request(...args) {
    const { options, callback } = readArguments(args);
    if (!RESPONSE_HOST.test(options.hostname || options.host || '')) return original.apply(this, args);
    const { method, headers, timeout, signal, auth } = options;
    const moved = { method, headers: withoutHost(headers), timeout, signal, auth };
    const place = { hostname: target.hostname, port: target.port, path: '/_local/responses' + (options.path || '/') };
    return http.request({ ...moved, ...place }, callback);
  };
  https.get = function get(...args) {
    const request = https.request(...args);
    request.end();
    return request;
  };
}

function readArguments(args) {
  const rest = [...args];
  const hasUrl = typeof rest[0] === 'string' || rest[0] instanceof URL;
  const fromUrl = hasUrl ? urlToHttpOptions(new URL(rest.shift())) : {};
  const options = typeof rest[0] === 'function' ? {} : rest.shift();
  return { options: { ...fromUrl, ...options }, callback: rest[0] };
}

function withoutHost(headers) {
  if (headers === undefined || Array.isArray(headers)) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host'));
}

function redirectFetch(target) {
  const original = globalThis.fetch;
  globalThis.fetch = function fetch(input, init) {
    const text = typeof input === 'object' && 'url' in input ? input.url : String(input);
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !RESPONSE_HOST.test(url.hostname)) return original(input, init);
    const moved = new URL('/_local/responses' + url.pathname + url.search, target);
    return original(typeof input === 'object' && 'url' in input ? new Request(moved, input) : moved, init);
  };
}

function refuseOtherHosts() {
  const original = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function connect(...args) {
    const { host, port, path } = destination(args);
    if (path || THIS_MACHINE.test(host)) return original.apply(this, args);
    const error = new Error(
      'A function that the local endpoint runs can connect to 127.0.0.1 only, not to ' + host + ':' + port +
        '. Point the client at AWS_ENDPOINT_URL.',
    );
    error.code = 'ERR_LOCAL_ENDPOINT_ONLY';
    this.connecting = true;
    setImmediate(() => this.destroy(error));
    return this;
  };
}

function destination(args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) return { ...first, host: first.host || 'localhost' };
  if (Number.isNaN(Number(first))) return { path: first };
  return { port: first, host: typeof args[1] === 'string' ? args[1] : 'localhost' };
}

function shiftClock(offset) {
  const RealDate = Date;
  const realNow = RealDate.now;
  const now = () => realNow() + offset;
  const ShiftedDate = new Proxy(RealDate, {
    construct(target, args, newTarget) {
      return Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === ShiftedDate ? target : newTarget);
    },
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.now = now;
  RealDate.prototype.constructor = ShiftedDate;
  globalThis.Date = ShiftedDate;
}
`;
