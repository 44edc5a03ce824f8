// A JSON Schema document and the places in it, each known by one node.
import type {Json} from '../surface.ts'
import {isObject, ownMember} from './ownMember.ts'

export type Dialect = '2020-12' | 'draft-07' | 'unknown'

export interface SchemaNode {
  /** Unlike that of any other node in the documents of one question. */
  id: string
  schema: Json
  document: SchemaDocument
  /** Below a nested `$id`, where references mean another document. */
  foreign: boolean
}

export interface SchemaDocument {
  name: string
  root: Json
  dialect: Dialect
  nodes: Map<Json, SchemaNode>
  /** What was found for references, and what is wrong with schemas, so that each is looked at once. */
  references: Map<string, SchemaNode | undefined>
  faults: Map<object, string | undefined>
  anchors?: Map<string, Json>
  /** Schemas of ours that say `not`, by the id of what they negate. */
  negations?: Map<string, Json>
}

/** The dialect is what `$schema` names, else 2020-12 (MCP 2025-11-25, "JSON Schema usage"). */
function dialectOf(root: Json): Dialect {
  const named = isObject(root) ? ownMember(root, '$schema') : undefined
  if (named === undefined) return '2020-12'
  if (typeof named !== 'string') return 'unknown'
  if (/^https?:\/\/json-schema\.org\/draft\/(2020-12|2019-09)\/schema#?$/.test(named)) return '2020-12'
  return /^https?:\/\/json-schema\.org\/draft-0[67]\/schema#?$/.test(named) ? 'draft-07' : 'unknown'
}

/** `name` must be unlike that of every other document in the same question. */
export function openDocument(root: Json, name: string): SchemaDocument {
  const dialect = dialectOf(root)
  return {name, root, dialect, nodes: new Map(), references: new Map(), faults: new Map()}
}

/** The node of a schema somewhere in the document. */
export function nodeOf(document: SchemaDocument, schema: Json, foreign = false): SchemaNode {
  const known = document.nodes.get(schema)
  if (known !== undefined) return known
  const node = {id: `${document.name}${document.nodes.size}`, schema, document, foreign: foreign || named(schema)}
  if (schema === document.root) node.foreign = false
  document.nodes.set(schema, node)
  return node
}

export function rootOf(document: SchemaDocument): SchemaNode {
  return nodeOf(document, document.root)
}

/** The node of a subschema of the node's schema. */
export function childOf(node: SchemaNode, schema: Json): SchemaNode {
  return nodeOf(node.document, schema, node.foreign)
}

function named(schema: Json): boolean {
  const id = isObject(schema) ? ownMember(schema, '$id') : undefined
  return typeof id === 'string' && !id.startsWith('#')
}
