// The MCP side: one server object for each request, for clients of both protocol eras.
import {createMcpHandler, type McpHttpHandler, McpServer} from '@modelcontextprotocol/server'
import type {Bridge} from './bridge.ts'
import {tools} from './tools/index.ts'
import {version} from './version.ts'

const instructions =
  'Bridge to LLM providers. llm_status and llm_routing say what can serve now, llm_models and llm_cost what exists and what it costs; ' +
  'llm_chat and llm_embed call a provider, which can cost money.'

/** Tools are fixed for the life of the process, so clients may keep the list for as long as a deploy takes to matter. */
const listTtlMs = 60_000

/** Answers 2026-07-28 requests and, statelessly, those of the 2025 era. */
export function createBridgeMcpHandler(bridge: Bridge): McpHttpHandler {
  return createMcpHandler(
    () => {
      const server = new McpServer(
        {name: 'llm-bridge', title: 'LLM provider bridge', version},
        {
          instructions,
          // Also ends a subscription at once: there is nothing that it could tell.
          capabilities: {tools: {listChanged: false}},
          cacheHints: {
            // Private where a key decides who may see it.
            'tools/list': {ttlMs: listTtlMs, cacheScope: bridge.settings.apiKey === undefined ? 'public' : 'private'},
          },
        },
      )
      for (const tool of tools) tool.register(server, bridge)
      return server
    },
    {onerror: error => bridge.log('warning', 'mcp', {error: error.message})},
  )
}
