// The TCP sockets on which processes listen, by the tables of the kernel.

import {textIfReadable} from '../../lib/files/textIfReadable.ts'
import type {ProcessSeen} from './procFiles.ts'

export interface Listening {
  /** As people write it: 127.0.0.1, 0.0.0.0, ::1. */
  address: string
  port: number
  pid: number
  /** The first words of its command. */
  program: string
}

/** Every listening socket of those processes. */
export function listeningSockets(processes: readonly ProcessSeen[]): Listening[] {
  const [first] = processes
  if (first === undefined) return []
  const tables = ['tcp', 'tcp6'].map(name => textIfReadable(`/proc/${first.pid}/net/${name}`) ?? '')
  const listening = tables.flatMap(listeningIn)
  return processes.flatMap(({pid, argv, sockets}) =>
    listening
      .filter(({inode}) => sockets?.has(inode))
      .map(({address, port}) => ({address, port, pid, program: programName(argv)})),
  )
}

const listenState = '0A'

/** Lines of /proc/net/tcp or tcp6 (proc_net(5)) that listen. */
export function listeningIn(table: string): {address: string; port: number; inode: string}[] {
  return table.split('\n').flatMap(line => {
    // After much traffic there are thousands of lines, nearly all of connections that were closed.
    if (!line.includes(` ${listenState} `)) return []
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    const [address, port] = local.split(':')
    if (state !== listenState || !address || !port || inode === undefined) return []
    return [{address: addressOf(address), port: Number.parseInt(port, 16), inode}]
  })
}

/** The kernel writes each 32-bit word of an address in the order of this machine, which is little-endian nearly everywhere. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word => (word.match(/../g) ?? []).reverse())
  if (bytes.length === 4) return bytes.map(byte => Number.parseInt(byte, 16)).join('.')
  const groups = Array.from({length: 8}, (_, index) => `${bytes[index * 2]}${bytes[index * 2 + 1]}`)
  const mapped = /^0000:0000:0000:0000:0000:ffff:(.*)$/i.exec(groups.join(':'))
  if (mapped)
    return `::ffff:${bytes
      .slice(12)
      .map(byte => Number.parseInt(byte, 16))
      .join('.')}`
  // The URL parser writes an address in its shortest form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/** Whether only this machine can reach it. */
export function isLoopback(address: string): boolean {
  return /^(127\.|::1$|::ffff:127\.)/.test(address)
}

function programName(argv: readonly string[]): string {
  return argv
    .slice(0, 2)
    .map(word => word.slice(word.lastIndexOf('/') + 1))
    .join(' ')
}
