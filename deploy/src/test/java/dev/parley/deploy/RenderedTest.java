package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecretEnvSource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the overlays and the chart become, which is what a cluster is given. */
class RenderedTest {
    private static final Path REFERENCE = Path.of("../docs/configuration.md");

    /** Up to which a process ends after its drain (parley.drain.window in the reference). */
    private static final Duration END = Duration.ofSeconds(6);

    @Test
    void everyRenderingIsOneThatKubernetesKnows() {
        assertThat(Rendered.all())
                .containsKeys("kustomize-dev", "kustomize-prod", "chart-everything", "chart-least")
                .allSatisfy((name, manifests) -> assertThat(manifests).hasSizeGreaterThan(3));
    }

    @Test
    void valuesThatAreNoneAreRefusedByName() {
        assertThat(Rendered.refused())
                .containsOnlyKeys("wrong-name", "wrong-no-redis", "wrong-secret-in-config", "wrong-short-secret");
        assertThat(Rendered.refused().get("wrong-name")).contains("replica");
        assertThat(Rendered.refused().get("wrong-no-redis")).contains("redisHosts");
        assertThat(Rendered.refused().get("wrong-short-secret")).contains("guestsSecret");
    }

    @Test
    void theDrainFitsIntoWhatAPodIsGivenToEnd() {
        eachHub((deployment, all) -> {
            PodSpec pod = pod(deployment);
            Map<String, String> settings = settings(pod, all);
            Duration takes = Duration.ofSeconds(container(pod)
                            .getLifecycle()
                            .getPreStop()
                            .getSleep()
                            .getSeconds())
                    .plus(Duration.parse("PT" + settings.get("PARLEY_DRAIN_PAUSE")))
                    .plus(Duration.parse("PT" + settings.get("PARLEY_DRAIN_WINDOW")))
                    .plus(END);

            assertThat(Duration.ofSeconds(pod.getTerminationGracePeriodSeconds()))
                    .isGreaterThan(takes);
        });
    }

    @Test
    void theThreeProbesAskForThreeThings() {
        eachHub((deployment, all) -> {
            Container hub = container(pod(deployment));
            List<String> asked = Stream.of(hub.getStartupProbe(), hub.getReadinessProbe(), hub.getLivenessProbe())
                    .map(Probe::getHttpGet)
                    .map(get -> get.getPath())
                    .toList();

            assertThat(asked).containsExactly("/q/health/started", "/q/health/ready", "/q/health/live");
        });
    }

    @Test
    void podsAreAllowedWhereOnlyRestrictedOnesAre() {
        Rendered.all()
                .values()
                .forEach(all -> pods(all).forEach(pod -> {
                    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
                    assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                            .isEqualTo("RuntimeDefault");
                    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
                    assertThat(pod.getContainers()).allSatisfy(container -> {
                        var context = container.getSecurityContext();
                        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
                        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
                        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
                        assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
                    });
                }));
    }

    @Test
    void everySettingIsOneThatTheServerKnows() throws IOException {
        String reference = Files.readString(REFERENCE);
        eachHub((deployment, all) -> {
            PodSpec pod = pod(deployment);
            Stream<String> variables = Stream.concat(
                    settings(pod, all).keySet().stream(),
                    container(pod).getEnv().stream().map(EnvVar::getName));

            assertThat(variables.filter(name -> name.startsWith("PARLEY_")))
                    .hasSizeGreaterThan(2)
                    .allMatch(name -> reference.contains("`" + name + "`"));
        });
    }

    @Test
    void noSecretIsInAConfigMap() {
        Rendered.all()
                .values()
                .forEach(all -> all.stream()
                        .filter(ConfigMap.class::isInstance)
                        .map(ConfigMap.class::cast)
                        .forEach(map -> assertThat(map.getData())
                                .doesNotContainKeys(
                                        "PARLEY_GUESTS_SECRET",
                                        "PARLEY_TOKENS_SECRET",
                                        "PARLEY_API_KEYS",
                                        "PARLEY_TRACING_HEADERS",
                                        "QUARKUS_REDIS_HOSTS")));
    }

    @Test
    void anySettingCanComeFromASecret() {
        Map<String, List<HasMetadata>> all = Rendered.all();

        assertThat(Map.of("kustomize-prod", "parley-variables", "chart-everything", "more"))
                .allSatisfy((rendering, secret) -> eachHub(
                        Map.of(rendering, all.get(rendering)),
                        (deployment, its) -> assertThat(
                                        container(pod(deployment)).getEnvFrom())
                                .extracting(EnvFromSource::getSecretRef)
                                .filteredOn(Objects::nonNull)
                                .extracting(SecretEnvSource::getName)
                                .containsExactly(secret)));
    }

    @Test
    void instancesGoSlowlyAndTheDeploymentDoesNotFightWhoDecidesTheirNumber() {
        eachHub((deployment, all) -> {
            List<HorizontalPodAutoscaler> scalers = all.stream()
                    .filter(HorizontalPodAutoscaler.class::isInstance)
                    .map(HorizontalPodAutoscaler.class::cast)
                    .toList();

            assertThat(deployment.getSpec().getReplicas() == null).isEqualTo(!scalers.isEmpty());
            assertThat(scalers).allSatisfy(scaler -> {
                assertThat(scaler.getSpec().getScaleTargetRef().getName())
                        .isEqualTo(deployment.getMetadata().getName());
                assertThat(scaler.getSpec().getBehavior().getScaleDown().getStabilizationWindowSeconds())
                        .isGreaterThanOrEqualTo(600);
            });
            assertThat(deployment
                            .getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isZero();
        });
    }

    private static void eachHub(BiConsumer<Deployment, List<HasMetadata>> check) {
        eachHub(Rendered.all(), check);
    }

    private static void eachHub(
            Map<String, List<HasMetadata>> rendered, BiConsumer<Deployment, List<HasMetadata>> check) {
        assertThat(rendered).isNotEmpty();
        rendered.values().forEach(all -> {
            List<Deployment> deployments = all.stream()
                    .filter(Deployment.class::isInstance)
                    .map(Deployment.class::cast)
                    .toList();
            assertThat(deployments).hasSize(1);
            check.accept(deployments.get(0), all);
        });
    }

    private static Stream<PodSpec> pods(List<HasMetadata> all) {
        return all.stream().flatMap(each -> {
            if (each instanceof Deployment deployment) {
                return Stream.of(pod(deployment));
            }
            return each instanceof StatefulSet set
                    ? Stream.of(set.getSpec().getTemplate().getSpec())
                    : Stream.empty();
        });
    }

    private static PodSpec pod(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec();
    }

    private static Container container(PodSpec pod) {
        return pod.getContainers().get(0);
    }

    private static Map<String, String> settings(PodSpec pod, List<HasMetadata> all) {
        String name = container(pod).getEnvFrom().get(0).getConfigMapRef().getName();
        return all.stream()
                .filter(ConfigMap.class::isInstance)
                .map(ConfigMap.class::cast)
                .filter(map -> map.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getData();
    }
}
