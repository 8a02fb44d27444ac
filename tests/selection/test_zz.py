import time
from tests.selection.test_desk import *
def test_prof(db, desk):
    gallery = make_gallery(200)
    pick(main_chooser(gallery), *[(n, n, "yes") for n in range(1, 60)])
    b = desk(make_staff("owner"))
    for name in ("live","gallery"):
        b.get(url(name, gallery))
        c=time.process_time(); 
        for _ in range(10): b.get(url(name, gallery), headers={"HX-Request":"true"})
        print(name, (time.process_time()-c)*100, "ms cpu each")
    import cProfile,pstats
    pr=cProfile.Profile(); pr.enable()
    for _ in range(10): b.get(url("live", gallery))
    pr.disable(); pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
    assert 0
