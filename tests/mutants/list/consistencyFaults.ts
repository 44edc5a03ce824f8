// Faults by which clients of one kind are not told the same, and by which clients with an old list are stranded.
import {by, type Fault} from '../mutant.ts'

const row = 'X5'
const extra = {
  name: 'extra',
  description: 'One more.',
  inputSchema: {type: 'object', properties: {a: {type: 'string'}}},
}
const echoAsProbe = {tool: 'echo', arguments: {message: 'ahoy'}, expect: {text: 'ahoy'}}

export const consistencyFaults: readonly Fault[] = [
  {
    kind: 'fault',
    name: 'per-connection',
    what: 'Each connection is told of another tool',
    row,
    subject: 'fixture',
    change: {traffic: [{kind: 'of-connection', item: extra}]},
    seenBy: by('consistency/per-connection'),
  },
  {
    kind: 'fault',
    name: 'changes-while-observed',
    what: 'Every listing has a new tool',
    row,
    subject: 'fixture',
    change: {traffic: [{kind: 'grow', item: extra}]},
    seenBy: [{check: 'contract/observed', as: 'inconclusive'}, ...by('tools/order-stable')],
  },
  {
    kind: 'fault',
    name: 'second-copy-not-updated',
    what: 'A second copy does not have a tool that the first one has',
    row,
    subject: 'fixture',
    change: {traffic: [{kind: 'drop', name: 'echo', when: {extraCopy: true}}]},
    seenBy: by('consistency/per-copy'),
  },
  {
    kind: 'fault',
    name: 'second-copy-fails',
    what: 'No second copy comes up beside the first',
    row,
    subject: 'fixture',
    change: {traffic: [{kind: 'crashes', text: 'there can only be one', when: {extraCopy: true}}]},
    seenBy: [{check: 'consistency/per-copy', as: 'inconclusive'}],
  },
  {
    kind: 'fault',
    name: 'ingress-to-another',
    what: 'The ingress leads to a copy with another contract',
    row,
    subject: 'fixture',
    change: {traffic: [{kind: 'add', item: extra, when: {ingress: true}}]},
    seenBy: by('consistency/through-ingress'),
  },
  {
    kind: 'fault',
    name: 'order-through-ingress',
    what: 'Through the ingress the tools come in another order',
    row,
    subject: 'fixture',
    change: {traffic: [{kind: 'reverse', when: {ingress: true}}]},
    seenBy: by('consistency/order'),
  },
  {
    kind: 'fault',
    name: 'order-shuffled',
    what: 'Every second listing has another order',
    row,
    subject: 'llm-bridge',
    change: {traffic: [{kind: 'reverse', when: {every: 2}}]},
    seenBy: by('tools/order-stable'),
  },
  {
    kind: 'fault',
    name: 'modern-era-loses-tool',
    what: 'Clients of the newer era do not find a tool that the others have',
    row,
    subject: 'memory',
    change: {traffic: [{kind: 'drop', name: 'open_nodes', when: {era: 'modern'}}]},
    seenBy: by('consistency/eras', 'contract/compatible'),
  },
  {
    kind: 'fault',
    name: 'able-clients-lose-tool',
    what: 'A client that declares more is offered less',
    row,
    subject: 'fixture',
    change: {traffic: [{kind: 'drop', name: 'add', when: {able: true}}]},
    seenBy: by('consistency/profiles'),
  },
  {
    kind: 'fault',
    name: 'tool-twice',
    what: 'A tool is listed twice, so clients cannot tell which is meant',
    row,
    subject: 'fixture',
    change: {traffic: [{kind: 'double'}]},
    seenBy: by('contract/observed'),
  },
  {
    kind: 'fault',
    name: 'list-without-end',
    what: 'The list of tools leads from page to page and never ends',
    row: 'A2',
    subject: 'fixture',
    change: {traffic: [{kind: 'result', pointer: '/nextCursor', value: '0', when: {method: 'tools/list'}}]},
    seenBy: by('contract/observed'),
  },
  {
    kind: 'fault',
    name: 'old-call-swallowed',
    what: 'A tool is gone, and who still calls it gets HTTP 200 without an answer',
    row: 'X4',
    subject: 'fixture',
    change: {
      server: {calls: [], probe: {tool: 'add', arguments: {a: 1, b: 2}, expect: {text: '3'}}},
      traffic: [
        {kind: 'drop', name: 'echo'},
        {kind: 'swallow', when: {tool: 'echo'}},
      ],
    },
    seenBy: by('stale/recoverable', 'contract/compatible'),
  },
  {
    kind: 'fault',
    name: 'old-call-hangs',
    what: 'A tool is gone, and who still calls it waits for ever',
    row: 'X4',
    subject: 'fixture',
    change: {
      server: {calls: [], client: {timeoutMs: 2000}},
      traffic: [
        {kind: 'drop', name: 'echo'},
        {kind: 'hang', when: {tool: 'echo'}},
      ],
    },
    seenBy: by('stale/recoverable'),
  },
  {
    kind: 'fault',
    name: 'old-call-another-shape',
    what: 'A tool promises another result, and who holds the old list gets what does not fit it',
    row: 'X4',
    subject: 'fixture',
    change: {
      server: {calls: []},
      traffic: [
        {kind: 'patch', name: 'echo', pointer: '/outputSchema/properties/message/type', value: 'number'},
        {kind: 'result', pointer: '/structuredContent/message', value: 7, when: {tool: 'echo'}},
      ],
    },
    seenBy: by('stale/recoverable', 'contract/compatible'),
  },
  {
    kind: 'fault',
    name: 'listed-but-gone',
    what: 'The list is older than the code: a tool is listed that cannot be called',
    row: 'X4',
    subject: 'fixture',
    change: {
      server: {probe: {tool: 'add', arguments: {a: 1, b: 2}, expect: {text: '3'}}},
      traffic: [{kind: 'rpc-error', code: -32602, text: 'Unknown tool: echo', when: {tool: 'echo'}}],
    },
    seenBy: by('calls/echoes'),
  },
  {
    kind: 'fault',
    name: 'undeclared-tool-gone',
    what: 'A tool is listed that cannot be called, and the fleet file declares no call of it',
    row: 'X4',
    subject: 'fixture',
    change: {
      server: {calls: [], probe: echoAsProbe},
      traffic: [{kind: 'rpc-error', code: -32602, text: 'Unknown tool: add', when: {tool: 'add'}}],
    },
    seenBy: {
      nobody:
        'what nobody declared is called only when it says of itself that it is safe; declare a call of each tool that matters',
    },
  },
]
