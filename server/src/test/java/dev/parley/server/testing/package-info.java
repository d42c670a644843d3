/** What tests of several features stand on. */
package dev.parley.server.testing;
