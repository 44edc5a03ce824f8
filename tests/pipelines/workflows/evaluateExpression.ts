// Evaluates the expressions of a workflow with the package in which GitHub keeps its own evaluator.

/** How a job stands when a step's turn comes. */
export type JobStatus = 'success' | 'failure' | 'cancelled'

/** `github`, `steps`, `env` and so on, as plain data. */
export type Contexts = Readonly<Record<string, unknown>>

interface Value {
  coerceString(): string
  value?: unknown
}

interface Expressions {
  Lexer: new (text: string) => {lex(): {tokens: unknown[]}}
  Parser: new (tokens: unknown[], contexts: string[], functions: object[]) => {parse(): unknown}
  Evaluator: new (tree: unknown, contexts: unknown, functions: Map<string, object>) => {evaluate(): Value}
  data: {BooleanData: new (value: boolean) => Value; reviver: (key: string, value: unknown) => unknown}
}

// It lies beside the parser, which alone depends on it.
const beside = new URL('../../expressions/dist/index.js', import.meta.resolve('@actions/workflow-parser'))
const {Lexer, Parser, Evaluator, data} = (await import(beside.href)) as Expressions

const statusFunctions: Record<string, (status: JobStatus) => boolean> = {
  always: () => true,
  success: status => status === 'success',
  failure: status => status === 'failure',
  cancelled: status => status === 'cancelled',
}

function evaluate(text: string, contexts: Contexts, status: JobStatus): Value {
  const functions = Object.entries(statusFunctions).map(([name, holds]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(holds(status)),
  }))
  const tree = new Parser(new Lexer(text).lex().tokens, Object.keys(contexts), functions).parse()
  const revived = JSON.parse(JSON.stringify(contexts), data.reviver)
  return new Evaluator(tree, revived, new Map(functions.map(one => [one.name, one]))).evaluate()
}

/** Whether a step's turn is taken: a condition that asks for no status is one of success, too. */
export function holds(condition: string | undefined, contexts: Contexts, status: JobStatus): boolean {
  const text = condition ?? 'success()'
  const asks = Object.keys(statusFunctions).some(name => text.includes(`${name}()`))
  const value = evaluate(asks ? text : `success() && (${text})`, contexts, status)
  return !['', 'false', '0'].includes(value.coerceString())
}

/** A text with every `${{ … }}` in it filled in. */
export function filledIn(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) =>
    evaluate(inner.trim(), contexts, 'success').coerceString(),
  )
}
