package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * How Kubernetes updates the Deployment of an overlay: the numbers of the manifests as {@code deploy/kubernetes/render.sh} renders them. Read by a test's thread.
 *
 * @param replicas how many instances are wanted, of which the autoscaler keeps at least so many
 * @param maxSurge how many more there may be meanwhile
 * @param maxUnavailable how many fewer
 * @param minReady how long an instance must have been ready to count
 * @param grace how long it is given to end, the pre-stop hook included
 * @param preStop how long it is let be before it is told to go
 * @param started how long it may take to be up
 * @param probes paths that must answer with 200, by the name of the probe
 * @param settings environment variables that are no secrets
 */
record Rollout(
        int replicas,
        int maxSurge,
        int maxUnavailable,
        Duration minReady,
        Duration grace,
        Duration preStop,
        Duration started,
        Map<String, String> probes,
        Map<String, String> settings) {
    private static final Path FOLDER = Path.of("target", "rendered");
    private static final Path RENDER = Path.of("..", "deploy", "kubernetes", "render.sh");
    private static final int SKIPPED = 77;

    /** Of an overlay; skips the test where it cannot be rendered. */
    static Rollout of(String overlay) {
        render();
        List<JsonObject> manifests = read(FOLDER.resolve("kustomize-" + overlay + ".yaml"));
        JsonObject deployment = only(manifests, "Deployment").getJsonObject("spec");
        JsonObject update = deployment.getJsonObject("strategy").getJsonObject("rollingUpdate");
        JsonObject pod = deployment.getJsonObject("template").getJsonObject("spec");
        JsonObject container = pod.getJsonArray("containers").getJsonObject(0);
        JsonObject startup = container.getJsonObject("startupProbe");
        return new Rollout(
                only(manifests, "HorizontalPodAutoscaler").getJsonObject("spec").getInteger("minReplicas"),
                update.getInteger("maxSurge"),
                update.getInteger("maxUnavailable"),
                seconds(deployment, "minReadySeconds"),
                seconds(pod, "terminationGracePeriodSeconds"),
                seconds(
                        container
                                .getJsonObject("lifecycle")
                                .getJsonObject("preStop")
                                .getJsonObject("sleep"),
                        "seconds"),
                seconds(startup, "periodSeconds").multipliedBy(startup.getInteger("failureThreshold")),
                List.of("startupProbe", "readinessProbe", "livenessProbe").stream()
                        .collect(Collectors.toMap(
                                probe -> probe,
                                probe -> container
                                        .getJsonObject(probe)
                                        .getJsonObject("httpGet")
                                        .getString("path"))),
                only(manifests, "ConfigMap").getJsonObject("data").stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> (String) entry.getValue())));
    }

    private static void render() {
        try {
            Process rendering = new ProcessBuilder(RENDER.toString(), FOLDER.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(rendering.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = rendering.waitFor();
            Assumptions.assumeTrue(status != SKIPPED, said);
            assertThat(status).as(said).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<JsonObject> read(Path file) {
        List<JsonObject> manifests = new ArrayList<>();
        try (Reader text = Files.newBufferedReader(file)) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
                manifests.add(new JsonObject(Json.encode(document)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return manifests;
    }

    private static JsonObject only(List<JsonObject> manifests, String kind) {
        List<JsonObject> found = manifests.stream()
                .filter(manifest -> manifest.getString("kind").equals(kind))
                .toList();
        assertThat(found).as(kind).hasSize(1);
        return found.get(0);
    }

    private static Duration seconds(JsonObject of, String name) {
        return Duration.ofSeconds(of.getInteger(name));
    }
}
