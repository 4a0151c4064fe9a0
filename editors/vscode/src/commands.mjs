// What the editor itself does with the server's commands: it shows places, texts and results its own way.
// Everything else is the server's.

/**
 * @param vscode the API of the editor
 * @param show shows a text: (title, text, language)
 */
export function executeCommand(vscode, show) {
  return async (command, given, next) => {
    const editor = vscode.window.activeTextEditor;
    const args = given.length ? given : editor ? [editor.document.uri.toString()] : [];
    if (command === "infoshare.showScenarios") {
      const [uri, position, locations] = args;
      const places = locations.map(
        ({ uri: file, range }) => new vscode.Location(vscode.Uri.parse(file), asRange(vscode, range)),
      );
      const at = new vscode.Position(position.line, position.character);
      return vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), at, places);
    }
    const result = await next(command, args);
    if (command === "infoshare.read" && result) {
      await show("In plain English", result, "plaintext");
    } else if (command.startsWith("infoshare.runScenario") && result) {
      const failed = result.scenarios.filter((each) => !each.passed);
      if (failed.length) {
        const texts = failed.map((each) => `${each.title}\n${each.difference}`);
        await show("Scenarios", texts.join("\n\n"), "plaintext");
      }
    }
    return result;
  };
}

function asRange(vscode, range) {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}
