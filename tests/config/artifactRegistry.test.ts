import assert from "node:assert/strict";
import { artifactRepositoryOf, registryOf } from "../../config/schema/artifactRegistry.ts";

describe("the registry of an image", () => {
    it("is what its name says, as container runtimes read it", () => {
        const registries = {
            "quay.io/strimzi/kafka:1": "quay.io",
            "localhost/kafka:1": "localhost",
            "registry:5000/kafka:1": "registry:5000",
            "kafka:3.9.2": "docker.io",
            "apache/kafka:3.9.2": "docker.io",
        };
        const found = Object.keys(registries).map((image) => [image, registryOf(image)]);
        assert.deepEqual(Object.fromEntries(found), registries);
    });

    it("is a repository of Artifact Registry by its own host names and those of the former Container Registry", () => {
        const digest = `@sha256:${"a".repeat(64)}`;
        assert.deepEqual(
            [
                `europe-west1-docker.pkg.dev/p-one/quay/strimzi/kafka${digest}`,
                "us-docker.pkg.dev/p-one/images/kafka:1",
                "eu.gcr.io/p-one/kafka:1",
                "quay.io/pkg.dev/kafka:1",
                "europe-west1-docker.pkg.dev.example.com/p-one/quay/kafka:1",
            ].map(artifactRepositoryOf),
            [
                { project: "p-one", location: "europe-west1", repository: "quay" },
                { project: "p-one", location: "us", repository: "images" },
                { project: "p-one", location: "europe", repository: "eu.gcr.io" },
                undefined,
                undefined,
            ],
        );
    });
});
