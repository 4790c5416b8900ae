#include <QTest>
class TestProcessTree : public QObject {
    Q_OBJECT
};
QTEST_GUILESS_MAIN(TestProcessTree)
#include "tst_process_tree.moc"
