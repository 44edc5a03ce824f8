// Changes that break nobody and are no fault: whoever raises an alarm over one of them is wrong.
import type {Harmless} from '../mutant.ts'

const schema = {type: 'object', properties: {a: {type: 'string'}}}
const extra = {name: 'extra', description: 'One more.', inputSchema: schema}
const harmless = (
  name: string,
  what: string,
  mutant: Pick<Harmless, 'subject' | 'change'> & Partial<Harmless>,
): Harmless => ({
  kind: 'harmless',
  name,
  what,
  row: 'X15',
  ...mutant,
})

export const harmlessChanges: readonly Harmless[] = [
  harmless('nothing-changed', 'The same server again', {subject: 'fixture', change: {recorded: true}}),
  harmless('nothing-changed-bridged', 'The same server behind a bridge again', {
    subject: 'memory',
    change: {recorded: true},
  }),
  harmless('nothing-changed-everything', 'The reference server again', {
    subject: 'everything',
    change: {recorded: true},
  }),
  harmless('nothing-changed-llm-bridge', 'Our own bridge again', {subject: 'llm-bridge', change: {recorded: true}}),
  harmless('tool-added', 'A new tool', {
    subject: 'fixture',
    change: {traffic: [{kind: 'add', item: extra, as: 'echo'}]},
  }),
  harmless('tool-added-in-front', 'A new tool before all others, where it stays', {
    subject: 'llm-bridge',
    change: {traffic: [{kind: 'add-first', item: {...extra, inputSchema: {type: 'object'}}, as: 'llm_models'}]},
  }),
  harmless('order-changed-for-all', 'Another order of the tools, the same for everybody', {
    subject: 'fixture',
    change: {traffic: [{kind: 'reverse'}]},
  }),
  harmless('optional-input-added', 'A tool takes one more argument, which may be left out', {
    subject: 'files',
    change: {
      traffic: [
        {kind: 'patch', name: 'list_directory', pointer: '/inputSchema/properties/depth', value: {type: 'integer'}},
      ],
    },
  }),
  harmless('input-widened', 'An argument may be left out that was required', {
    subject: 'everything',
    change: {traffic: [{kind: 'patch', name: 'get-sum', pointer: '/inputSchema/required/1'}]},
  }),
  harmless('input-closed', 'Arguments that nobody was told of are refused', {
    subject: 'fixture',
    change: {traffic: [{kind: 'patch', name: 'add', pointer: '/inputSchema/additionalProperties', value: false}]},
  }),
  harmless('input-rewritten', 'A schema says the same with $defs and $ref', {
    subject: 'fixture',
    change: {
      traffic: [
        {
          kind: 'patch',
          name: 'add',
          pointer: '/inputSchema',
          value: {
            $schema: 'https://json-schema.org/draft/2020-12/schema',
            type: 'object',
            $defs: {number: {type: 'number'}},
            properties: {a: {$ref: '#/$defs/number'}, b: {$ref: '#/$defs/number'}},
            required: ['a', 'b'],
          },
        },
      ],
    },
  }),
  harmless('output-added', 'A result has one more part', {
    subject: 'fixture',
    change: {
      traffic: [
        {kind: 'patch', name: 'echo', pointer: '/outputSchema/properties/length', value: {type: 'integer'}},
        {kind: 'result', pointer: '/structuredContent/length', value: 4, when: {tool: 'echo'}},
      ],
    },
  }),
  harmless('output-narrowed', 'A result promises more than before, and keeps it', {
    subject: 'fixture',
    change: {
      traffic: [{kind: 'patch', name: 'echo', pointer: '/outputSchema/properties/message/maxLength', value: 100_000}],
    },
  }),
  harmless('description-mended', 'A typing error in a description is mended', {
    subject: 'files',
    change: {
      traffic: [
        {kind: 'patch', name: 'list_directory', pointer: '/description', value: 'Lists what is in a directory.'},
      ],
    },
  }),
  harmless('description-compares', 'A description says when another tool of the same server is the better one', {
    subject: 'files',
    change: {
      traffic: [
        {
          kind: 'patch',
          name: 'read_file',
          pointer: '/description',
          value: 'Deprecated: use read_text_file instead. Never reads files outside of the allowed folders.',
        },
      ],
    },
  }),
  harmless('instructions-longer', 'The instructions of the server say more', {
    subject: 'everything',
    change: {
      traffic: [
        {
          kind: 'result',
          pointer: '/instructions',
          value: 'A server that shows every feature. Call echo to see whether it is there. Sums are exact.',
          when: {method: 'initialize'},
        },
      ],
    },
  }),
  harmless('title-added', 'A tool has a title', {
    subject: 'fixture',
    change: {traffic: [{kind: 'patch', name: 'add', pointer: '/title', value: 'Add'}]},
  }),
  harmless('annotations-written-out', 'Annotations that are the defaults are written out', {
    subject: 'fixture',
    change: {
      traffic: [
        {kind: 'patch', name: 'add', pointer: '/annotations/openWorldHint', value: true},
        {kind: 'patch', name: 'add', pointer: '/annotations/idempotentHint', value: false},
      ],
    },
  }),
  harmless('tool-meta-added', 'A tool has a note of its maker in _meta', {
    subject: 'fixture',
    change: {traffic: [{kind: 'patch', name: 'add', pointer: '/_meta', value: {'example.org/team': 'maths'}}]},
  }),
  harmless('resource-added', 'A new resource', {
    subject: 'everything',
    change: {
      traffic: [
        {kind: 'add', list: 'resources/list', item: {name: 'new.md', uri: 'demo://resource/static/document/new.md'}},
      ],
    },
  }),
  harmless('prompt-added', 'A new prompt', {
    subject: 'everything',
    change: {traffic: [{kind: 'add', list: 'prompts/list', item: {name: 'new-prompt', description: 'A new one.'}}]},
  }),
  harmless('ttl-shorter', 'Lists may be kept for a shorter time', {
    subject: 'fixture',
    change: {traffic: [{kind: 'result', pointer: '/ttlMs', value: 1000, when: {method: 'tools/list', era: 'modern'}}]},
  }),
  harmless('era-gained', 'A server of the older era speaks the newer one as well', {
    subject: 'legacy',
    change: {server: {env: {ERA: 'both'}}},
  }),
  harmless('version-raised', 'The server says that it is a later version', {
    subject: 'fixture',
    change: {server: {env: {VERSION: '1.1.0'}}},
  }),
  harmless('slower', 'Everything takes 60 ms longer', {
    subject: 'fixture',
    change: {traffic: [{kind: 'delay', ms: 60}]},
  }),
  harmless('slower-start', 'It starts a second later', {
    subject: 'fixture',
    change: {traffic: [{kind: 'slow-start', ms: 1000}]},
  }),
  harmless('result-larger', 'A result is 200 KB larger', {
    subject: 'fixture',
    change: {traffic: [{kind: 'enlarge', bytes: 200_000, when: {tool: 'echo'}}]},
  }),
  harmless('header-added', 'Answers have a header more, as those of a server that counts', {
    subject: 'llm-bridge',
    change: {traffic: [{kind: 'header', name: 'x-ratelimit-remaining', value: '4711'}]},
  }),
  harmless('stream-comments', 'Streams have comments and an event without data', {
    subject: 'everything',
    change: {traffic: [{kind: 'sse-comments', when: {http: 'POST'}}]},
  }),
  harmless('json-for-stream', 'Answers come as JSON where they came as a stream', {
    subject: 'everything',
    change: {traffic: [{kind: 'as-json', when: {http: 'POST'}}]},
  }),
  harmless('stream-for-json', 'Answers come as a stream where they came as JSON', {
    subject: 'memory',
    change: {traffic: [{kind: 'as-sse', when: {http: 'POST', era: 'modern'}}]},
  }),
  harmless('json-pretty', 'JSON has spaces and another order of keys', {
    subject: 'llm-bridge',
    change: {traffic: [{kind: 'pretty', when: {http: 'POST'}}]},
  }),
  harmless('session-ids-differ', 'The ids of sessions look otherwise', {
    subject: 'legacy',
    change: {traffic: [{kind: 'session-form', prefix: 'mcp:v2/'}]},
  }),
  harmless('error-words', 'Errors are told in other words', {
    subject: 'fixture',
    change: {traffic: [{kind: 'text', from: 'unknown tool', to: 'There is no tool called'}]},
  }),
  harmless('more-memory', 'The server takes 40 MB more, within its limit', {
    subject: 'fixture',
    change: {traffic: [{kind: 'holds', megabytes: 40}]},
  }),
  harmless('more-in-log', 'The server writes more into its log', {
    subject: 'fixture',
    change: {traffic: [{kind: 'logs', text: 'GET /mcp 200 in 3 ms by client 7f3a9c'}]},
  }),
  harmless('client-changed', 'Nothing but the time that clients wait is another', {
    subject: 'fixture',
    change: {server: {client: {timeoutMs: 7000}}},
  }),
  harmless('sessions-small', 'An abandoned session costs 2 KiB, which it may', {
    subject: 'legacy',
    change: {server: {limits: {leakSeconds: 20}}, traffic: [{kind: 'keeps', kilobytes: 2}]},
    slow: ['leak'],
  }),
  harmless('signal-true', 'The health signal is a probe that needs the server', {
    subject: 'fixture',
    change: {},
    slow: ['truth'],
  }),
  harmless('replaced-by-the-same', 'Live is replaced by what it was', {
    subject: 'memory',
    change: {traffic: [{kind: 'header', name: 'x-copy', value: 'new'}]},
    underWitness: true,
  }),
]
