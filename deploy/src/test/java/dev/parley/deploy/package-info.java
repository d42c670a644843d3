/** Holds the files of {@code deploy} against what reads them: Kubernetes' types, and the settings that the server knows. */
package dev.parley.deploy;
