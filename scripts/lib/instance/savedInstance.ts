// Keeps the description of an instance, where any later step, run or person finds it.
import {join} from 'node:path'
import {namesIfThere} from '../files/ifThere.ts'
import type {Documents} from '../records/documents.ts'
import {readDocument} from '../records/readDocument.ts'
import type {Instance} from '../target/instance.ts'
import {instanceShape} from './instanceShape.ts'
import {misplaced} from './misplaced.ts'
import {instanceFolder} from './planInstance.ts'

type ReadDocuments = Pick<Documents, 'read' | 'place'>

/** Where the description of the instance in that folder is. */
export function descriptionPath(folder: string): string {
  return join(folder, 'instance.json')
}

export function saveInstance({write}: Pick<Documents, 'write'>, instance: Instance): Promise<void> {
  return write(instanceKey(instance.folder, 'instance.json'), `${JSON.stringify(instance, null, 1)}\n`)
}

/** The instance is described no more; its files stay. */
export function forgetInstance({remove}: Pick<Documents, 'remove'>, name: string): Promise<void> {
  return remove(instanceKey(instanceFolder('', name), 'instance.json'))
}

/** Undefined when there is no instance of that name. Rejects with a `UserError` for a damaged description. */
export function readInstance(documents: ReadDocuments, root: string, name: string): Promise<Instance | undefined> {
  return readDescription(documents, root, instanceFolder(root, name), name)
}

/** The same of an instance that lies in another folder, such as an extra copy. */
export function readDescription(
  documents: ReadDocuments,
  root: string,
  folder: string,
  name: string,
): Promise<Instance | undefined> {
  return readDocument<Instance>(documents, instanceKey(folder, 'instance.json'), {
    what: `the description of ${name}`,
    shape: instanceShape,
    faultOf: (instance: Instance) => misplaced(instance, root, folder),
    remedy:
      name === 'live'
        ? `sh ${root}/rollback.sh needs none of it: it puts a release back, and writes it again`
        : `end its programs, for each folder in ${folder}/copies by sh ${folder}/stop.sh FOLDER 5, then rm -r ${folder}`,
  })
}

/** The key of a document about the instance in that folder. */
export function instanceKey(folder: string, document: string): string {
  // The folder may name the root in another way than its documents do, as by a link, so only what is below the root counts.
  return `${folder.slice(folder.lastIndexOf('/instances/') + 1)}/${document}`
}

/** Names of all instances in an environment's root, described or not. */
export function instanceNames(root: string): string[] {
  return namesIfThere(join(root, 'instances')).sort()
}
