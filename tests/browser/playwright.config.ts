import { defineConfig } from 'playwright/test'
import { contextOptions, launchOptions } from './support/chromium.ts'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  globalSetup: './support/shared.ts',
  outputDir: '../../test-results',
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    ...contextOptions(),
    launchOptions: launchOptions(),
    screenshot: 'only-on-failure',
  },
})
