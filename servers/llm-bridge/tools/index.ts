// Every tool of the bridge, in the order in which they are listed.
import {chatTool} from './chat.ts'
import {costTool} from './cost.ts'
import type {Tool} from './defineTool.ts'
import {embedTool} from './embed.ts'
import {modelsTool} from './models.ts'
import {routingTool} from './routing.ts'
import {statusTool} from './status.ts'

export const tools: Tool[] = [statusTool, routingTool, modelsTool, costTool, chatTool, embedTool]
