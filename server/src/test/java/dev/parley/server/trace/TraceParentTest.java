package dev.parley.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";

    @Test
    void whatTheStandardGivesAsAnExampleIsRead() {
        assertThat(TraceParent.parse(SAMPLED)).isEqualTo(new TraceParent(TRACE, SPAN, true));
        assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-00"))
                .isEqualTo(new TraceParent(TRACE, SPAN, false));
    }

    @Test
    void ofTheFlagsOnlyTheFirstCounts() {
        assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-ff").sampled())
                .isTrue();
        assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-fe").sampled())
                .isFalse();
    }

    @Test
    void aLaterVersionMaySayMore() {
        assertThat(TraceParent.parse("cc-" + TRACE + "-" + SPAN + "-01")).isNotNull();
        assertThat(TraceParent.parse("cc-" + TRACE + "-" + SPAN + "-01-what-is-to-come"))
                .isEqualTo(new TraceParent(TRACE, SPAN, true));
        assertThat(TraceParent.parse("cc-" + TRACE + "-" + SPAN + "-01.what")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                " 0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
                "00-0af7651916cd43dd8448eb211c80319-b7ad6b71692033311-01",
                "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
                "00-0af7651916cd43dd8448eb211c80319c b7ad6b7169203331-01",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-00",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333é-01"
            })
    void whatIsMalformedIsNone(String text) {
        assertThat(TraceParent.parse(text)).isNull();
    }

    @Test
    void whatIsNotThereIsNone() {
        assertThat(TraceParent.parse(null)).isNull();
    }

    @Test
    void aSpanIsWrittenAsItIsRead() {
        Span span = Span.fromContext(TraceParent.parse(SAMPLED).context());

        assertThat(span.getSpanContext().isRemote()).isTrue();
        assertThat(TraceParent.of(span)).isEqualTo(SAMPLED);
    }
}
