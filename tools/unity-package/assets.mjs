// What Unity keeps beside every asset: a .meta file with a GUID and the importer's settings. Both follow from the path alone, so that they
// are the same in every package and on every machine.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

const packageName = "com.enginellm.runtime";
const importerScript = "Editor/GgufImporter.cs";
// Of the assemblies, games refer to this one; the others are there for its sake and are kept out of their way.
const publicAssembly = "EngineLlm.dll";

const noBundle = ["  userData: ", "  assetBundleName: ", "  assetBundleVariant: "];
const plain = importer => [`${importer}:`, "  externalObjects: {}", ...noBundle];

/** The GUID of an asset: 128 bits of a hash over package and path. */
export const guidOf = asset => createHash("sha256").update(`${packageName}/${asset}`).digest("hex").slice(0, 32);

/** The scripting symbol that leaves a dependency out, for projects that have their own copy of it. */
export const symbolWithout = assembly => "ENGINELLM_NO_" + path.basename(assembly, ".dll").replaceAll(".", "_").toUpperCase();

/** Writes the .meta files of assets and folders. Folders whose names end with ~ are no assets, and Unity imports nothing from them. */
export function writeMetas(root, assets) {
    for (const asset of assets) writeMeta(root, asset);
    // Samples are copied into the project out of such a folder, with their GUIDs.
    for (const sample of childrenOf(root, "Samples~")) writeMeta(root, sample);
}

function writeMeta(root, asset) {
    const full = path.join(root, asset);
    if (asset.endsWith("~") || !existsSync(full)) return;
    const isFolder = statSync(full).isDirectory();
    const lines = ["fileFormatVersion: 2", `guid: ${guidOf(asset)}`,
        ...(isFolder ? ["folderAsset: yes", ...plain("DefaultImporter")] : settingsOf(asset)), ""];
    writeFileSync(`${full}.meta`, lines.join("\n"));
    if (isFolder) for (const child of childrenOf(root, asset)) writeMeta(root, child);
}

const childrenOf = (root, folder) => readdirSync(path.join(root, folder)).filter(name => !name.endsWith(".meta")).sort()
    .map(name => `${folder}/${name}`);

function settingsOf(asset) {
    switch (path.extname(asset)) {
        case ".cs": return ["MonoImporter:", "  externalObjects: {}", "  serializedVersion: 2", "  defaultReferences: []",
            "  executionOrder: 0", "  icon: {instanceID: 0}", ...noBundle];
        case ".asmdef": return plain("AssemblyDefinitionImporter");
        case ".dll": return assemblySettings(path.basename(asset));
        case ".gguf": return ["ScriptedImporter:", "  internalIDToNameTable: []", "  externalObjects: {}", "  serializedVersion: 2",
            ...noBundle, `  script: {fileID: 11500000, guid: ${guidOf(importerScript)}, type: 3}`];
        case ".json": return plain("PackageManifestImporter");
        case ".md":
        case ".xml": return plain("TextScriptImporter");
        default: throw new Error(`${asset}: no importer is known for this kind of file`);
    }
}

function assemblySettings(assembly) {
    const isPublic = assembly === publicAssembly;
    const constraints = isPublic ? ["  defineConstraints: []"] : ["  defineConstraints:", `  - '!${symbolWithout(assembly)}'`];
    // References are not validated: the dependencies name older versions of each other than those that are here, as everywhere on NuGet.
    return ["PluginImporter:", "  externalObjects: {}", "  serializedVersion: 2", "  iconMap: {}", "  executionOrder: {}", ...constraints,
        "  isPreloaded: 0", "  isOverridable: 1", `  isExplicitlyReferenced: ${isPublic ? 0 : 1}`, "  validateReferences: 0",
        "  platformData:", "  - first:", "      Any: ", "    second:", "      enabled: 1", "      settings: {}", ...noBundle];
}
