import '../../../peer/worker/script.ts'
