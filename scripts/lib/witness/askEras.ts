// Finds out in which eras a server answers, and what tools it lists in each.
import {openMcp} from '../mcp/client.ts'
import type {ToolDefinition} from '../mcp/listTools.ts'
import type {Era} from '../mcp/protocol.ts'
import type {WitnessTarget} from './target.ts'

/** An era that the server speaks, or why it does not. */
export type EraAnswer = {speaks: true; tools: readonly ToolDefinition[]} | {speaks: false; reason: string}

/** Asks in both eras at the same time: many servers speak both, and each has clients of its own. */
export async function askEras(target: WitnessTarget): Promise<{[era in Era]: EraAnswer}> {
  const [legacy, modern] = await Promise.all([askEra(target, 'legacy'), askEra(target, 'modern')])
  return {legacy, modern}
}

async function askEra(target: WitnessTarget, era: Era): Promise<EraAnswer> {
  if (target.eras !== undefined && !target.eras.includes(era))
    return {speaks: false, reason: `the ${era} era is not asked of this server`}
  const opened = await openMcp({...target, era})
  if (!opened.ok) return {speaks: false, reason: `the server does not speak the ${era} era (${opened.outcome.summary})`}
  try {
    const {tools} = await opened.client.listTools()
    return {speaks: true, tools}
  } finally {
    await opened.client.close()
  }
}
