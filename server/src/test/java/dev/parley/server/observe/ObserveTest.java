package dev.parley.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.cluster.Drain;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What operators see of a server without Redis. It is drained in the end, so it is one of its own. */
@QuarkusTest
@TestProfile(ObserveTest.Own.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ObserveTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Path GRAFANA = Path.of("../deploy/grafana");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(parley\\.[a-z.]+)` \\| (\\w+) \\| ([^|]+) \\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    private static final Pattern NAME = Pattern.compile("\\b(?:parley|jvm|process|system)_[a-z_]+\\b");
    private static final Pattern EXPRESSION = Pattern.compile("(?m)^ +expr: (.+)$");
    private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
    private static final Map<String, String> KINDS =
            Map.of("counter", "counter", "gauge", "gauge", "timer", "histogram");
    private static final Map<String, String> UNITS = Map.of("seconds", "_seconds", "bytes", "_bytes");
    private static final List<String> SERIES_OF_A_TIMER = List.of("_bucket", "_count", "_sum", "_max");

    @TestHTTPResource("/")
    URI root;

    @Inject
    Drain drain;

    /** A server that no other test uses. */
    public static final class Own implements QuarkusTestProfile {}

    @Test
    void isAliveAndReady() throws Exception {
        assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void showsItsFigures() throws Exception {
        assertThat(get("/q/metrics").body())
                .contains(
                        "parley_connections 0.0",
                        "parley_nodes 1.0",
                        "parley_delivery_entries_total",
                        "parley_delivery_behind_total",
                        "parley_delivery_volatile_dropped_total",
                        "parley_delivery_gaps_declared_total",
                        "parley_delivery_gaps_filled_total",
                        "parley_delivery_audit_findings_total");
    }

    @Test
    void everyFigureIsDocumentedAndEveryDocumentedOneIsThere() throws Exception {
        Map<String, String> documented = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("../docs/metrics.md")));
        while (rows.find()) {
            String name = rows.group(1).replace('.', '_') + UNITS.getOrDefault(rows.group(3), "");
            documented.put(name + (rows.group(2).equals("counter") ? "_total" : ""), KINDS.get(rows.group(2)));
        }
        Map<String, String> shown = new TreeMap<>(figures());
        // Micrometer tells the longest time of late as a gauge beside each timer.
        shown.keySet().removeIf(name -> !name.startsWith("parley_") || name.endsWith("_seconds_max"));

        assertThat(documented).isNotEmpty().isEqualTo(shown);
    }

    @Test
    void theDashboardShowsOnlyWhatIsThere() throws Exception {
        JsonObject dashboard = new JsonObject(Files.readString(GRAFANA.resolve("dashboard.json")));
        List<String> queries = dashboard.getJsonArray("panels").stream()
                .flatMap(panel -> ((JsonObject) panel).getJsonArray("targets", new JsonArray()).stream())
                .map(target -> ((JsonObject) target).getString("expr"))
                .toList();

        assertThat(queries).hasSizeGreaterThan(15).allSatisfy(asksOnlyFor(figures()));
    }

    @Test
    void alertsAreAboutWhatIsThereAndSayWhatToDo() throws Exception {
        String rules = Files.readString(GRAFANA.resolve("alerts.yaml"));
        String runbook = Files.readString(Path.of("../docs/runbook.md"));
        List<String> queries =
                EXPRESSION.matcher(rules).results().map(found -> found.group(1)).toList();
        List<String> alerts =
                ALERT.matcher(rules).results().map(found -> found.group(1)).toList();

        assertThat(queries).hasSizeGreaterThan(8).hasSameSizeAs(alerts).allSatisfy(asksOnlyFor(figures()));
        assertThat(alerts)
                .doesNotHaveDuplicates()
                .allSatisfy(alert -> assertThat(runbook).contains("### " + alert));
    }

    private static ThrowingConsumer<String> asksOnlyFor(Map<String, String> figures) {
        Set<String> series = new HashSet<>();
        figures.forEach((name, kind) -> {
            series.add(name);
            if (kind.equals("histogram")) {
                SERIES_OF_A_TIMER.forEach(end -> series.add(name + end));
            }
        });
        return query -> {
            Set<String> asked =
                    NAME.matcher(query).results().map(MatchResult::group).collect(Collectors.toSet());

            assertThat(asked).as(query).isNotEmpty();
            assertThat(series).as(query).containsAll(asked);
        };
    }

    /** What is shown: the name of each figure, and its kind. OpenMetrics leaves the end of counters out there. */
    private Map<String, String> figures() throws IOException, InterruptedException {
        Map<String, String> kinds = new TreeMap<>();
        TYPE.matcher(get("/q/metrics").body()).results().forEach(found -> {
            boolean bare = found.group(2).equals("counter") && !found.group(1).endsWith("_total");
            kinds.put(found.group(1) + (bare ? "_total" : ""), found.group(2));
        });
        return kinds;
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void isAliveButNotReadyOnceItDrains() throws Exception {
        drain.begin();

        assertThat(get("/q/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(root.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
