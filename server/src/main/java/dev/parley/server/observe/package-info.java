/** What operators see: liveness, readiness and metrics, at the paths every Quarkus service has. */
package dev.parley.server.observe;
