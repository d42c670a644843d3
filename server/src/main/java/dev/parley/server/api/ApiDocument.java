package dev.parley.server.api;

import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/** Puts into the OpenAPI document what all operations have in common: how they refuse, and what names may be in paths. Called by the framework when the server is built. */
public final class ApiDocument implements OASFilter {
    private static final Map<String, String> NAMES =
            Map.of("group", "GroupName", "user", "UserId", "connection", "ConnectionId");

    @Override
    public Operation filterOperation(Operation operation) {
        if (operation.getResponses() != null) {
            operation
                    .getResponses()
                    .addAPIResponse("default", OASFactory.createAPIResponse().ref("Problem"));
        }
        return operation;
    }

    @Override
    public Parameter filterParameter(Parameter parameter) {
        if (parameter.getIn() == Parameter.In.PATH && NAMES.containsKey(parameter.getName())) {
            parameter.setSchema(OASFactory.createSchema().ref(NAMES.get(parameter.getName())));
        }
        return parameter;
    }
}
