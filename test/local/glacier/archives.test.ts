import * as crypto from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateVaultCommand,
  DeleteArchiveCommand,
  InitiateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadArchiveCommand,
  UploadMultipartPartCommand,
} from '@aws-sdk/client-glacier';
import type { GlacierClient } from '@aws-sdk/client-glacier';
import { refusal, startGlacier, vaultArn } from './glacier-server';
import type { GlacierServer } from './glacier-server';
import { glacierState } from '../../../local/glacier';
import { isTreeHashAligned, treeHash } from '../../../local/glacier/tree-hash';

const MEBIBYTE = 1024 * 1024;
const vault = { accountId: '-', vaultName: 'ledger' };
const sha256 = (...parts: Buffer[]) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();

let glacier: GlacierServer;
let client: GlacierClient;
beforeEach(async () => {
  glacier = await startGlacier();
  client = glacier.client();
  await client.send(new CreateVaultCommand(vault));
});
afterEach(() => glacier.close());

const archives = () => glacierState(glacier.world).vaults[0]?.archives;

describe('the tree hash', () => {
  test('of up to 1 MiB is the plain hash', () => {
    expect(treeHash(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('joins leaves in pairs and carries an odd one up', () => {
    const leaves = ['a', 'b', 'c'].map((letter) => Buffer.alloc(MEBIBYTE, letter));
    const [a, b, c] = leaves.map((leaf) => sha256(leaf)) as [Buffer, Buffer, Buffer];

    expect(treeHash(Buffer.concat(leaves))).toBe(sha256(sha256(a, b), c).toString('hex'));
  });

  test.each([
    [0, 4, true],
    [0, 2, true],
    [2, 4, true],
    [1, 3, false],
    [0, 3, false],
    [3, 4, true],
  ])('a range of MiB %d to %d out of 4 is a subtree: %p', (from, to, expected) => {
    expect(isTreeHashAligned(from * MEBIBYTE, to * MEBIBYTE - 1, 4 * MEBIBYTE)).toBe(expected);
  });
});

describe('an upload', () => {
  test('answers the id, the tree hash and the path', async () => {
    const body = Buffer.from('four');

    const { archiveId, checksum, location } = await client.send(
      new UploadArchiveCommand({ ...vault, body, archiveDescription: 'first quarter' }),
    );

    expect(archiveId).toMatch(/^[A-Za-z0-9_-]{138}$/);
    expect(checksum).toBe(sha256(body).toString('hex'));
    expect(location).toBe(`/123456789012/vaults/ledger/archives/${archiveId}`);
  });

  const hash = sha256(Buffer.from('four')).toString('hex');
  const wrong = sha256(Buffer.from('five')).toString('hex');
  test.each<[string, string, Record<string, string>, string]>([
    ['without body', '', { 'x-amz-sha256-tree-hash': hash }, 'InvalidParameterValueException'],
    ['without tree hash', 'four', {}, 'MissingParameterValueException'],
    ['with the tree hash of something else', 'four', { 'x-amz-sha256-tree-hash': wrong }, 'InvalidParameterValueException'],
    [
      'with the content hash of something else',
      'four',
      { 'x-amz-sha256-tree-hash': hash, 'x-amz-content-sha256': wrong },
      'InvalidParameterValueException',
    ],
    [
      'with a description of 1,025 characters',
      'four',
      { 'x-amz-sha256-tree-hash': hash, 'x-amz-archive-description': 'x'.repeat(1025) },
      'InvalidParameterValueException',
    ],
  ])('%s is refused and leaves nothing', async (_, body, headers, code) => {
    const response = await glacier.raw('POST', '/-/vaults/ledger/archives', { body, headers });

    expect(response.status).toBe(400);
    expect(JSON.parse(response.body)).toMatchObject({ code });
    expect(archives()).toBe(0);
  });

  test('into a vault that does not exist names the vault', async () => {
    const call = client.send(new UploadArchiveCommand({ accountId: '-', vaultName: 'missing', body: Buffer.from('four') }));

    expect(await refusal(call)).toMatchObject({ message: `Vault not found for ARN: ${vaultArn('missing')}`, status: 404 });
  });
});

describe('a delete', () => {
  const upload = async () => (await client.send(new UploadArchiveCommand({ ...vault, body: Buffer.from('four') }))).archiveId!;
  const remove = (vaultName: string, archiveId: string) => client.send(new DeleteArchiveCommand({ accountId: '-', vaultName, archiveId }));

  test('removes the archive, and a second one does no harm', async () => {
    const archiveId = await upload();

    await remove('ledger', archiveId);
    expect(archives()).toBe(0);

    expect((await remove('ledger', archiveId)).$metadata.httpStatusCode).toBe(204);
  });

  test('through another vault is refused with the recorded text', async () => {
    const archiveId = await upload();
    await client.send(new CreateVaultCommand({ accountId: '-', vaultName: 'another' }));

    expect(await refusal(remove('another', archiveId))).toEqual({
      name: 'InvalidParameterValueException',
      message: `Invalid vault name: ${vaultArn('another')}`,
      status: 400,
    });
    expect(archives()).toBe(1);
  });
});

describe('a multipart upload', () => {
  const parts = [Buffer.alloc(MEBIBYTE, 'a'), Buffer.alloc(MEBIBYTE, 'b'), Buffer.from('end')] as const;
  const whole = Buffer.concat([...parts]);
  const initiate = async () =>
    (await client.send(new InitiateMultipartUploadCommand({ ...vault, partSize: String(MEBIBYTE), archiveDescription: 'in three parts' })))
      .uploadId!;
  const put = (uploadId: string, index: number, body: Buffer = parts[index]!) => {
    const range = `bytes ${index * MEBIBYTE}-${index * MEBIBYTE + body.length - 1}/*`;
    return client.send(new UploadMultipartPartCommand({ ...vault, uploadId, range, body, checksum: treeHash(body) }));
  };
  const complete = (uploadId: string, size = whole.length, checksum = treeHash(whole)) =>
    client.send(new CompleteMultipartUploadCommand({ ...vault, uploadId, archiveSize: String(size), checksum }));

  test('becomes an archive out of parts that came in any order, one of them twice', async () => {
    const uploadId = await initiate();
    await put(uploadId, 2);
    await put(uploadId, 0, Buffer.alloc(MEBIBYTE, 'x'));
    await put(uploadId, 1);
    expect((await put(uploadId, 0)).checksum).toBe(treeHash(parts[0]));

    const { archiveId, checksum } = await complete(uploadId);

    expect(checksum).toBe(treeHash(whole));
    expect(archives()).toBe(1);
    expect((await complete(uploadId)).archiveId).toBe(archiveId);
    expect(archives()).toBe(1);
    expect((await client.send(new ListMultipartUploadsCommand(vault))).UploadsList).toEqual([]);
  });

  test('is listed, page by page, with its parts', async () => {
    const uploadId = await initiate();
    const second = await initiate();
    await put(uploadId, 0);
    await put(uploadId, 2);

    const first = await client.send(new ListMultipartUploadsCommand({ ...vault, limit: 1 }));
    const next = await client.send(new ListMultipartUploadsCommand({ ...vault, limit: 1, marker: first.Marker }));
    const listed = await client.send(new ListPartsCommand({ ...vault, uploadId }));

    expect([first, next].flatMap(({ UploadsList }) => UploadsList?.map(({ MultipartUploadId }) => MultipartUploadId)).sort()).toEqual(
      [uploadId, second].sort(),
    );
    expect(listed).toMatchObject({
      MultipartUploadId: uploadId,
      VaultARN: vaultArn('ledger'),
      ArchiveDescription: 'in three parts',
      PartSizeInBytes: MEBIBYTE,
      CreationDate: '2026-01-01T00:00:00.000Z',
      Parts: [
        { RangeInBytes: '0-1048575', SHA256TreeHash: treeHash(parts[0]) },
        { RangeInBytes: '2097152-2097154', SHA256TreeHash: treeHash(parts[2]) },
      ],
    });
  });

  test('with a hole, another size or another hash is not completed', async () => {
    const uploadId = await initiate();
    await put(uploadId, 0);
    await put(uploadId, 2);
    expect(await refusal(complete(uploadId))).toMatchObject({ name: 'InvalidParameterValueException' });
    await put(uploadId, 1);

    expect(await refusal(complete(uploadId, whole.length - 1))).toMatchObject({ name: 'InvalidParameterValueException' });
    expect(await refusal(complete(uploadId, whole.length, treeHash(parts[0])))).toMatchObject({ name: 'InvalidParameterValueException' });
    expect(archives()).toBe(0);
  });

  test('that is aborted is gone; aborting again does no harm', async () => {
    const uploadId = await initiate();
    await put(uploadId, 0);
    const abort = () => client.send(new AbortMultipartUploadCommand({ ...vault, uploadId }));

    await abort();

    expect((await abort()).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(put(uploadId, 1))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  });

  test.each(['1048575', '3145728', '524288', '8589934592', 'large'])('a part size of %s is refused', async (partSize) => {
    const call = client.send(new InitiateMultipartUploadCommand({ ...vault, partSize }));

    expect(await refusal(call)).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
  });

  test.each(['bytes 1-1048576/*', 'bytes 0-1048574/*', 'bytes 0-1048575/1048576', 'all'])(
    'a part of 1 MiB with the range %s is refused',
    async (range) => {
      const uploadId = await initiate();
      const body = parts[0];

      const call = client.send(new UploadMultipartPartCommand({ ...vault, uploadId, range, body, checksum: treeHash(body) }));

      expect(await refusal(call)).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
    },
  );
});
