// git's diff output into values. Source: git-diff-tree(1), "raw output format", "-z", "generating patch
// text". Pure, any thread. Hostile input: bounded by DiffLimits, never trusted for sizes.
#pragma once

#include "core/base/result.h"
#include "core/workspace/diff.h"

#include <QByteArray>

namespace muster {

// Output of `--raw --numstat -z -M`: the files without hunks. Errors: Protocol.
[[nodiscard]] Result<std::vector<FileDiff>> parseFileList(const QByteArray &output);
// Fills the hunks from the patch of the same files in the same order. What the patch does not reach
// (because it was cut) is marked as truncated.
void fillHunks(std::vector<FileDiff> &files, const QByteArray &patch, const DiffLimits &limits);

} // namespace muster
