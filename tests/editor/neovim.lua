-- Attaches, shows a diagnostic, completes a value, renames a fact; what came of it is written as JSON to $RESULT.
local result = {}
local function text(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n") end
local function cursor(words)
  local line = vim.fn.search("\\V" .. words, "w")
  assert(line > 0, words)
end

local ok, problem = pcall(function()
  dofile(os.getenv("RECIPE")) -- what the page tells people to write
  vim.cmd("edit local.policy")
  vim.wait(60000, function() return vim.lsp.get_active_clients()[1] ~= nil end, 50)
  local client = assert(vim.lsp.get_active_clients()[1], "no client was started").id
  vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 50)
  result.diagnostics = vim.tbl_map(
    function(d) return { code = d.code, line = d.lnum + 1, column = d.col + 1, message = d.message } end,
    vim.diagnostic.get(0)
  )

  cursor("refusd")
  local row = vim.fn.line(".")
  local before = vim.fn.getline(row):gsub("refusd.*", "")
  vim.fn.setline(row, before)
  vim.api.nvim_win_set_cursor(0, { row, #before - 1 })
  vim.cmd("startinsert!")
  local params = vim.lsp.util.make_position_params()
  params.position.character = vim.fn.strchars(before) + select(2, before:gsub("🚨", ""))
  local answers = vim.lsp.buf_request_sync(0, "textDocument/completion", params, 30000)
  local items = answers[client].result.items
  result.offered = vim.tbl_map(function(item) return item.label end, items)
  for _, item in ipairs(items) do
    if item.label == "refused" then
      vim.lsp.util.apply_text_edits({ item.textEdit }, 0, "utf-16")
    end
  end
  result.completed = vim.fn.getline(row)
  vim.wait(60000, function() return #vim.tbl_filter(function(d) return d.code == "IS301" end, vim.diagnostic.get(0)) == 0 end, 50)
  result.mended = vim.tbl_map(function(d) return d.code end, vim.diagnostic.get(0))

  vim.cmd("stopinsert")
  cursor("consent.\\zsstatus is given")
  vim.fn.search("consent.status is given", "cw")
  vim.cmd("normal! f.l")
  vim.lsp.buf.rename("state")
  vim.wait(60000, function() return text(0):find("consent.state is given", 1, true) ~= nil end, 50)
  result.renamed = {}
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ":t")
    if name ~= "" then result.renamed[name] = text(buffer) end
  end
  vim.lsp.stop_client(client)
end)
if not ok then result.problem = tostring(problem) end
local file = io.open(os.getenv("RESULT"), "w")
file:write(vim.json.encode(result))
file:close()
vim.cmd("qall!")
