package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests as they lie in the repository, which any machine can read. */
class ManifestsTest {
    private static final Path FOLDER = Path.of("kubernetes");
    private static final Path PAGES = Path.of("../frontend/src/main/resources/META-INF/resources");
    private static final List<String> LISTS = List.of("resources", "components");

    @Test
    void everyManifestIsOneThatKubernetesKnows() {
        List<HasMetadata> all = Manifests.files(FOLDER).stream()
                .filter(file -> !isKustomization(file))
                .flatMap(file -> Manifests.of(file).stream())
                .toList();

        assertThat(all)
                .hasSizeGreaterThan(12)
                .allSatisfy(one -> assertThat(one.getMetadata().getName()).isNotBlank());
    }

    @Test
    void everyManifestIsPartOfSomeKustomization() {
        List<Path> named = new ArrayList<>();
        for (Path file : Manifests.files(FOLDER)) {
            if (isKustomization(file)) {
                JsonNode kustomization = Manifests.tree(file);
                LISTS.forEach(list -> kustomization
                        .path(list)
                        .forEach(entry -> named.add(
                                file.getParent().resolve(entry.asText()).normalize())));
            }
        }

        assertThat(named).isNotEmpty().allMatch(Files::exists);
        assertThat(named)
                .containsAll(Manifests.files(FOLDER).stream()
                        .filter(file -> !isKustomization(file))
                        .toList());
    }

    @Test
    void theOperatorIsGivenTheRulesThatPrometheusIs() {
        JsonNode rules = Manifests.tree(Path.of("grafana/alerts.yaml")).path("groups");
        JsonNode operator = Manifests.tree(FOLDER.resolve("components/monitoring/prometheusrule.yaml"));

        assertThat(rules).isNotEmpty().isEqualTo(operator.path("spec").path("groups"));
    }

    @Test
    void aFieldThatKubernetesDoesNotHaveIsFound() {
        assertThatThrownBy(() -> Manifests.of("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: a}
                        spec: {template: {spec: {terminationGracePeriod: 3}}}
                        """))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("terminationGracePeriod");
    }

    @Test
    void aValueOfAnotherTypeIsFound() {
        assertThatThrownBy(() -> Manifests.of("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: a}
                        spec: {minReadySeconds: soon}
                        """)).isInstanceOf(MismatchedInputException.class);
    }

    @Test
    void theWayInLeadsToEveryPageAndNotToTheOperatorsPaths() throws IOException {
        Ingress ingress = (Ingress)
                Manifests.of(FOLDER.resolve("components/ingress/ingress.yaml")).get(0);
        List<HTTPIngressPath> paths =
                ingress.getSpec().getRules().get(0).getHttp().getPaths();
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> "/" + page.getFileName())).isNotEmpty().allMatch(path -> leads(paths, path));
        }

        assertThat(List.of("/", "/v1/connect", "/_static/lit/index.js")).allMatch(path -> leads(paths, path));
        assertThat(List.of("/q/metrics", "/q/health/ready", "/q/openapi")).noneMatch(path -> leads(paths, path));
    }

    private static boolean leads(List<HTTPIngressPath> paths, String path) {
        return paths.stream()
                .anyMatch(each -> path.equals(each.getPath())
                        || each.getPathType().equals("Prefix") && path.startsWith(each.getPath() + "/"));
    }

    private static boolean isKustomization(Path file) {
        return file.endsWith("kustomization.yaml");
    }
}
