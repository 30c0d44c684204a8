import * as http from 'node:http';
import * as https from 'node:https';
import { Put } from './response';

const TIMEOUT_MS = 4_000;

/** Not `fetch`: its first call costs a cold start more than all the rest of the answer. */
export const httpPut: Put = (url, body) =>
  new Promise((resolve, reject) => {
    const target = new URL(url);
    const { request } = target.protocol === 'http:' ? http : https;
    const call = request(
      target,
      // The signature covers an empty content type.
      { method: 'PUT', headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) }, timeout: TIMEOUT_MS },
      (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    call.on('timeout', () => call.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })));
    call.on('error', reject);
    call.end(body);
  });
