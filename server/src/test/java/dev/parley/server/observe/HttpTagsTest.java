package dev.parley.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpTagsTest {

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/groups/{group}/members, CLIENT_ERROR, GET, /v1/groups/{group}/members",
        "POST, /v1/messages, SUCCESS, POST, /v1/messages",
        "GET, /v1/cluster/report, SUCCESS, GET, /v1/cluster/report",
        "GET, /v1/connect, CLIENT_ERROR, GET, /v1/connect",
        "GET, /chat/app.js, SUCCESS, GET, /chat/app.js",
        "GET, NOT_FOUND, CLIENT_ERROR, GET, NOT_FOUND",
        "GET, /v1/groups/no%20such, CLIENT_ERROR, GET, OTHER",
        "OPTIONS, /v1/connections/anything, SUCCESS, OPTIONS, OTHER",
        "GET, /%zz, CLIENT_ERROR, GET, OTHER",
        "GET, /x/{y}, CLIENT_ERROR, GET, OTHER",
        "get, /v1/connect, CLIENT_ERROR, OTHER, /v1/connect",
        "PWN42, /what/ever, CLIENT_ERROR, OTHER, OTHER",
    })
    void whatStrangersWriteMakesNoTimeSeries(
            String method, String path, String outcome, String countedMethod, String countedPath) {
        Meter.Id bounded = HttpTags.bounded(id(method, path, outcome));

        assertThat(bounded.getTag("method")).isEqualTo(countedMethod);
        assertThat(bounded.getTag("uri")).isEqualTo(countedPath);
        assertThat(bounded.getTag("outcome")).isEqualTo(outcome);
    }

    private static Meter.Id id(String method, String path, String outcome) {
        Tags tags = Tags.of("method", method, "uri", path, "outcome", outcome);
        return new Meter.Id("http.server.requests", tags, null, null, Meter.Type.TIMER);
    }
}
