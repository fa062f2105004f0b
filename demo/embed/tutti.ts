import { defineElements } from '../../ui/index.ts'

// For a page without a build: registers all elements whose tags are free.

defineElements()
