// Every question, in the order in which they are asked; the one that may take a server down comes last.
import {credentials, metadata} from './authorization.ts'
import {accept, bodySize, contentType, get, malformedJson} from './bodies.ts'
import {badArguments, unknownMethod, unknownTool} from './methods.ts'
import type {Question} from './question.ts'
import {terminatedSession, unknownSession} from './sessions.ts'
import {foreignHost, foreignOrigin} from './strangers.ts'
import {headerMismatch, unsupportedVersion} from './versions.ts'

export const questions: readonly Question[] = [
  foreignOrigin,
  foreignHost,
  unknownMethod,
  unknownTool,
  badArguments,
  unsupportedVersion,
  headerMismatch,
  unknownSession,
  terminatedSession,
  credentials,
  metadata,
  accept,
  contentType,
  get,
  malformedJson,
  bodySize,
]
