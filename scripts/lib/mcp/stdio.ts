// Opens an MCP server that speaks over the stdin and stdout of a child process, and ends that process on close.
import {type ConnectOptions, connect, type OpenResult} from './connect.ts'
import {type StdioCommand, stdioWire} from './stdioWire.ts'

/** How to start and open a stdio server. */
export type OpenStdioOptions = StdioCommand & ConnectOptions

/** An opening over stdio also gives the last lines that the process wrote to stderr, at any time. */
export type OpenStdioResult = OpenResult & {stderrLines: () => string[]}

/**
 * Starts `argv` and opens it. Never throws for what the process does: a program that is missing, exits or stays silent
 * gives `{ok: false, outcome}`. `close()` ends the process: stdin first, then SIGTERM, then SIGKILL.
 */
export async function openMcpStdio(options: OpenStdioOptions): Promise<OpenStdioResult> {
  const wire = stdioWire(options)
  const opened = await connect(wire, options)
  return {...opened, stderrLines: wire.stderrLines}
}
