import { TuttiEditor } from './index.ts'

// Registers <tutti-editor>, where the tag is still free.
if (customElements.get('tutti-editor') === undefined) customElements.define('tutti-editor', TuttiEditor)
