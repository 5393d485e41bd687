// Lays Unity's package out for `npm pack`, and takes it away again. npm packs files where they lie, so for a moment they lie at the
// repository's root; git ignores them there.
//
//   node tools/unity-package/layout.mjs prepare      what `npm pack` runs first
//   node tools/unity-package/layout.mjs clean        what it runs last
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { writeMetas } from "./assets.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const glue = path.join(root, "src/EngineLlm.Unity");
const build = path.join(root, ".artifacts/unity-package");
// NuGet brings it for Silk.NET, none of whose code refers to it.
const unusedAssemblies = ["Microsoft.CSharp.dll"];

const laidOut = readdirSync(glue).filter(name => !name.startsWith("."));
const atRoot = ["CHANGELOG.md", "LICENSE.md", "README.md", "package.json"];

function clean() {
    for (const name of laidOut) rmSync(path.join(root, name), { recursive: true, force: true });
    for (const name of [...laidOut, ...atRoot]) rmSync(path.join(root, `${name}.meta`), { force: true });
}

function buildAssemblies() {
    const published = path.join(build, "publish");
    rmSync(published, { recursive: true, force: true });
    // Folders of its own, so that other builds may go on meanwhile.
    const result = spawnSync("dotnet", ["publish", "src/EngineLlm", "-f", "netstandard2.1", "-c", "Release", "-o", published,
        `-p:ArtifactsPath=${build}`, "-v", "quiet", "-nologo"], { cwd: root, stdio: ["ignore", process.stderr, process.stderr] });
    if (result.error) throw new Error(`dotnet could not be started: ${result.error.message}`);
    if (result.status !== 0) throw new Error("building the assemblies failed");
    return published;
}

function copyAssemblies(published) {
    const plugins = path.join(root, "Runtime/Plugins");
    mkdirSync(plugins, { recursive: true });
    const names = readdirSync(published).filter(name => name.endsWith(".dll") && !unusedAssemblies.includes(name));
    for (const name of [...names, "EngineLlm.xml"]) cpSync(path.join(published, name), path.join(plugins, name));
}

function copyModels() {
    const source = path.join(root, "models/npc");
    const models = existsSync(source) ? readdirSync(source).filter(name => name.endsWith(".gguf")) : [];
    for (const name of models) cpSync(path.join(source, name), path.join(root, "Runtime/Models", name));
}

function prepare() {
    clean();
    const published = buildAssemblies();
    for (const name of laidOut) cpSync(path.join(glue, name), path.join(root, name), { recursive: true });
    copyAssemblies(published);
    copyModels();
    writeMetas(root, [...laidOut, ...atRoot]);
}

const command = { prepare, clean }[process.argv[2]];
if (!command) throw new Error("say prepare or clean");
command();
