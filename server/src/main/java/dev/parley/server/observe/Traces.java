package dev.parley.server.observe;

import dev.parley.server.cluster.NodeId;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.trace.Tracing;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Sends spans to a collector where one is configured, from a thread of its own and at most {@value #WAITING_MAX} waiting: what is more, and what the collector does
 * not take, is lost and holds up no message. Made at the start and ended at the end; without a collector nothing of the SDK is made.
 */
@Singleton
final class Traces {
    private static final Logger LOG = Logger.getLogger(Traces.class);
    private static final int WAITING_MAX = 8192;
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int FAREWELL_SECONDS = 2;

    private SdkTracerProvider provider;

    Traces() {}

    void start(@Observes StartupEvent event, Tracing tracing, ParleyConfig config, NodeId node) {
        Map<String, String> headers =
                CollectorHeaders.of(config.tracing().headers().orElse(List.of()));
        config.tracing().url().ifPresent(url -> {
            OtlpHttpSpanExporterBuilder exporter =
                    OtlpHttpSpanExporter.builder().setEndpoint(url).setTimeout(PATIENCE);
            headers.forEach(exporter::addHeader);
            provider = SdkTracerProvider.builder()
                    .setResource(Resource.create(Attributes.builder()
                            .put("service.name", config.tracing().service())
                            .put("service.instance.id", node.id())
                            .build()))
                    // Who is not sampled has no span at all.
                    .setSampler(Sampler.alwaysOn())
                    .addSpanProcessor(BatchSpanProcessor.builder(exporter.build())
                            .setMaxQueueSize(WAITING_MAX)
                            .setScheduleDelay(PERIOD)
                            .setExporterTimeout(PATIENCE)
                            .build())
                    .build();
            tracing.start(provider.get("dev.parley"), config.tracing().ratio());
            // Some collectors take their key in the URL's query.
            LOG.infof(
                    "Traces %s of the messages, and those whose callers do, to %s",
                    config.tracing().ratio(), url.replaceFirst("[?#].*", ""));
        });
    }

    /** The last spans get a moment to leave. */
    void stop(@Observes ShutdownEvent event) {
        if (provider != null) {
            provider.shutdown().join(FAREWELL_SECONDS, TimeUnit.SECONDS);
        }
    }
}
