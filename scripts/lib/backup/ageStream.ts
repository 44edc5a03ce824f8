// Encrypts and decrypts a stream with age, whose files the program `age` opens too; memory does not grow with size.
import {createHash} from 'node:crypto'
import {createReadStream, createWriteStream} from 'node:fs'
import {pipeline} from 'node:stream/promises'
import type {ReadableStream} from 'node:stream/web'
import {UserError} from '../errors/userError.ts'
import {type BackupKey, noKey, readIdentities} from './backupKey.ts'

/** The first bytes of every file that age wrote. */
export const ageHeader = Buffer.from('age-encryption.org/v1\n')

/** Its bytes do not authenticate: they are not those that were written. */
export class Undecryptable extends Error {
  constructor(cause: unknown) {
    super('the encrypted bytes are not those that were written', {cause})
    this.name = 'Undecryptable'
  }
}

export interface EncryptFile {
  from: string
  /** Must not be there yet. */
  to: string
  /** Public keys, `age1…`. */
  recipients: readonly string[]
  signal: AbortSignal
}

/** On the disk before it returns. Throws a `UserError` for a recipient that is none. */
export async function encryptFile({
  from,
  to,
  recipients,
  signal,
}: EncryptFile): Promise<{bytes: number; sha256: string}> {
  // Most runs need none of it, and it takes long to load.
  const {Encrypter} = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch (cause) {
      const remedy = 'age-keygen -y KEYFILE prints the public key of a key'
      throw new UserError(`encryption.recipients: should be public keys of age, got ${recipient}`, remedy, {cause})
    }
  }
  const hash = createHash('sha256')
  let bytes = 0
  const encrypted = await encrypter.encrypt(webStream(createReadStream(from, {highWaterMark: 1 << 18})))
  const counted = async function* () {
    for await (const chunk of encrypted as ReadableStream<Uint8Array>) {
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  await pipeline(counted, createWriteStream(to, {flags: 'wx', mode: 0o600, flush: true}), {signal})
  return {bytes, sha256: hash.digest('hex')}
}

/** What the chunks of `file` hold. Throws a `UserError` without a key that opens it, and `Undecryptable` for damage. */
export async function* decrypted(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  key: BackupKey = noKey,
): AsyncGenerator<Uint8Array> {
  const identities = readIdentities(file, key)
  const {Decrypter} = await import('age-encryption')
  const decrypter = new Decrypter()
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity)
    } catch {
      // Its message may hold the key.
      throw new UserError(`${key.variable}: a key in ${key.path} is none of age`, 'age-keygen makes one')
    }
  }
  try {
    const plain = await decrypter.decrypt(webStream(copies(chunks)))
    for await (const chunk of plain as ReadableStream<Uint8Array>) yield chunk
  } catch (thrown) {
    if (thrown instanceof Error && thrown.message.startsWith('no identity matched'))
      throw new UserError(
        `${file}: is encrypted for other keys than that in ${key.path}`,
        `${key.variable} names the file`,
      )
    throw new Undecryptable(thrown)
  }
}

// Whoever reads a file may use one buffer for all of it, and a stream holds several chunks.
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

// The same class by the type of the browser and by that of Node.
function webStream(chunks: AsyncIterable<Uint8Array>): globalThis.ReadableStream<Uint8Array> {
  return globalThis.ReadableStream.from(chunks) as globalThis.ReadableStream<Uint8Array>
}
