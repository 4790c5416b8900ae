// The questions before a worktree is merged or dropped: what happens, what is kept where, what is lost. They
// do not block; `go` is called with the command if the person agrees. GUI thread.
#pragma once

#include "core/node/api/commands.h"

#include <functional>

class QDialog;
class QWidget;

namespace muster {

QDialog *askToMerge(const api::WorktreeInfo &worktree, const QString &name, QWidget *parent,
                    std::function<void(const api::MergeWorktree &)> go);
QDialog *askToDrop(const api::WorktreeInfo &worktree, const QString &name, QWidget *parent,
                   std::function<void(const api::DropWorktree &)> go);
// All in which nothing was changed, so nothing is lost.
QDialog *askToDropUnchanged(int count, QWidget *parent, std::function<void()> go);

} // namespace muster
