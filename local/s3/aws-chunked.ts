import { AwsError } from '../server/service';

/** True if the SDK has framed the body in chunks of its own, beside HTTP's. */
export function isAwsChunked(headers: Readonly<Record<string, string>>): boolean {
  const encoding = headers['content-encoding'] ?? '';
  return (
    (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-') || encoding.split(',').some((name) => name.trim() === 'aws-chunked')
  );
}

/** The content of an aws-chunked body: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n … 0\r\n<trailers>\r\n`. Signatures are not checked. */
export function decodeAwsChunked(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', position);
    const size = lineEnd === -1 ? NaN : parseInt(body.toString('latin1', position, lineEnd), 16);
    if (!Number.isInteger(size)) throw new AwsError('IncompleteBody', 'The request body is not well-formed aws-chunked content.');
    if (size === 0) return Buffer.concat(chunks);
    const start = lineEnd + 2;
    if (start + size > body.length) throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    chunks.push(body.subarray(start, start + size));
    position = start + size + 2;
  }
}
