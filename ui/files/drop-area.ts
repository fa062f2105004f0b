/** A thing that was dropped or chosen: a file, or a folder, which can't be read as one. */
export interface Dropped {
  readonly file: File
  readonly isFolder: boolean
}

/** What a drag or the clipboard holds, files only. To be called while its event is handled: it is empty afterwards. */
export function filesIn(data: DataTransfer | null): readonly Dropped[] {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === 'file')
  return items.flatMap((item) => {
    const file = item.getAsFile()
    return file === null ? [] : [{ file, isFolder: item.webkitGetAsEntry?.()?.isDirectory === true }]
  })
}

/** Whether a drag over the page brings files. */
export function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true
}
