;; Attaches by eglot, shows a diagnostic, completes a value, renames a fact; what came of it is written as JSON to $RESULT.
;; -*- lexical-binding: t -*-
(load (getenv "RECIPE")) ; what the page tells people to write
(require 'flymake)
(require 'json)
(setq eglot-sync-connect 60 eglot-connect-timeout 120 eglot-confirm-server-initiated-edits nil
      eglot-autoshutdown nil jsonrpc-default-request-timeout 60)

(defvar result nil)
(defun keep (key value) (push (cons key value) result))
(defun wait-for (so)
  (let ((end (+ (float-time) 60)))
    (while (and (not (funcall so)) (< (float-time) end))
      (accept-process-output nil 0.1))))
(defun codes ()
  (mapcar (lambda (d) (substring-no-properties (flymake-diagnostic-text d)))
          (flymake-diagnostics)))

(condition-case problem
    (progn
      (find-file "local.policy")
      (run-hooks 'post-command-hook) ; as after any command that somebody gives
      (wait-for (lambda () (flymake-start) (codes)))
      (keep "diagnostics" (vconcat (codes)))

      (goto-char (point-min))
      (search-forward "refusd")
      (delete-region (match-beginning 0) (match-end 0))
      (eglot--signal-textDocument/didChange)
      (let* ((capf (eglot-completion-at-point))
             (table (nth 2 capf)))
        (keep "offered" (vconcat (mapcar #'substring-no-properties (all-completions "" table))))
        (let ((choice (seq-find (lambda (c) (string= c "refused")) (all-completions "" table))))
          (insert choice)
          (funcall (plist-get (nthcdr 3 capf) :exit-function) choice 'finished)))
      (keep "completed" (buffer-substring-no-properties (line-beginning-position) (line-end-position)))
      (eglot--signal-textDocument/didChange)
      (wait-for (lambda () (not (seq-some (lambda (c) (string-match-p "is not a value" c)) (codes)))))
      (keep "mended" (vconcat (codes)))

      (goto-char (point-min))
      (search-forward "consent.status is given")
      (goto-char (+ (match-beginning 0) (length "consent.")))
      ;; Of files that it does not visit, it would ask somebody first.
      (mapc #'find-file-noselect '("words.policy" "cases.policy"))
      (eglot-rename "state")
      (keep "renamed"
            (mapcar (lambda (name)
                      (cons name (with-current-buffer (find-file-noselect name)
                                   (buffer-substring-no-properties (point-min) (point-max)))))
                    '("words.policy" "local.policy" "cases.policy")))
      (eglot-shutdown (eglot-current-server)))
  (error (keep "problem" (format "%S" problem))))

(with-temp-file (getenv "RESULT")
  (set-buffer-file-coding-system 'utf-8)
  (insert (json-encode result)))
(kill-emacs 0)
