// Starts the language service of infoshare for policies, and stops it.
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");
const { executeCommand } = require("./commands.mjs");

let client;

async function show(_title, text, language) {
  const document = await vscode.workspace.openTextDocument({ content: text, language });
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
}

async function start(context) {
  const [command, ...args] = vscode.workspace.getConfiguration("infoshare").get("command");
  client = new LanguageClient(
    "infoshare",
    "infoshare",
    { command, args, transport: TransportKind.stdio },
    {
      documentSelector: [{ language: "infoshare" }],
      middleware: { executeCommand: executeCommand(vscode, show) },
      markdown: { isTrusted: false },
    },
  );
  context.subscriptions.push(client);
  try {
    await client.start();
  } catch (error) {
    const how = "install it with pip install 'infoshare[lsp]', or say in the setting infoshare.command what to run";
    vscode.window.showErrorMessage(`infoshare could not be started (${error.message}): ${how}`);
  }
}

exports.activate = (context) => {
  if (vscode.workspace.isTrusted) return start(context);
  vscode.workspace.onDidGrantWorkspaceTrust(() => start(context), null, context.subscriptions);
};

exports.deactivate = () => client?.stop();
