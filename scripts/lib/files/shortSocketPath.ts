// A path to a Unix socket that the system takes, however deep its folder is: addresses of sockets hold about 100 bytes.
import {closeSync, constants, openSync} from 'node:fs'
import {basename, dirname} from 'node:path'

// 108 bytes on Linux and 104 on macOS, with the zero at the end.
const longestBytes = 103

export interface SocketPath extends Disposable {
  path: string
}

/**
 * `path` itself where it is short enough; else one that begins with the open folder of the socket, until it is disposed of.
 * Throws what the file system says of the folder, and where the system has no /proc that such a path begins with.
 */
export function shortSocketPath(path: string): SocketPath {
  if (Buffer.byteLength(path) <= longestBytes) return {path, [Symbol.dispose]: () => undefined}
  if (process.platform !== 'linux')
    throw new Error(`${path}: a socket may have a path of ${longestBytes} bytes, got ${Buffer.byteLength(path)}`)
  const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  return {path: `/proc/self/fd/${folder}/${basename(path)}`, [Symbol.dispose]: () => closeSync(folder)}
}
