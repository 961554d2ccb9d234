import type { ModelFile } from "../model-file.js";

/** Versions of Python and its packages that such a folder was read with; `pip` and `conda` are asked for these or later ones. */
const PYTHON = "3.11";
const NEEDS = ["mlflow>=2.9", "numpy>=1.26", "onnx>=1.15", "onnxruntime>=1.17", "pandas>=2"];

/**
 * The files beside `model.onnx` that make a folder a model of MLflow, with the flavours `onnx` and `python_function`: from columns of
 * doubles, by name and in any order, NaN for missing, to one column `churn_probability`.
 */
export function mlmodelFiles(
  model: ModelFile,
  { runId, createdAt }: { readonly runId: string; readonly createdAt: string },
): Record<string, string> {
  const requirements = NEEDS.join("\n");
  return {
    MLmodel: mlmodel(model, runId, createdAt),
    "requirements.txt": `${requirements}\n`,
    "python_env.yaml": `python: "${PYTHON}"\nbuild_dependencies:\n- pip\n- setuptools\n- wheel\ndependencies:\n- -r requirements.txt\n`,
    "conda.yaml": `name: refrain\nchannels:\n- conda-forge\ndependencies:\n- python=${PYTHON}\n- pip\n- pip:\n${NEEDS.map((need) => `  - ${need}\n`).join("")}`,
  };
}

/** A text as YAML: a string of JSON is one of YAML. */
const quoted = (value: unknown): string => JSON.stringify(value);

function mlmodel(
  { version, features, label, leaky, training, threshold }: ModelFile,
  runId: string,
  at: string,
): string {
  const inputs = features.map((name) => ({ type: "double", name, required: true }));
  const outputs = [{ type: "double", name: "churn_probability", required: true }];
  return `artifact_path: model
flavors:
  onnx:
    code: null
    data: model.onnx
    onnx_session_options: null
    providers:
    - CPUExecutionProvider
  python_function:
    data: model.onnx
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.onnx
    python_version: "${PYTHON}"
metadata:
  refrain_version: ${quoted(version)}
  label: ${quoted(label.name)}
  leaky: ${leaky}
  simulated: ${training.simulated}
  threshold: ${threshold.value}
run_id: ${quoted(runId)}
signature:
  inputs: ${quoted(JSON.stringify(inputs))}
  outputs: ${quoted(JSON.stringify(outputs))}
  params: null
utc_time_created: ${quoted(at.replace("T", " ").replace("Z", ""))}
`;
}
