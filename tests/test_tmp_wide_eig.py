import sys; sys.path.insert(0,'/work/main/tests/scenes')
import pytest, numpy as np
from explainers.linear_algebra.eigenvectors import Eigenvectors
from scenes.stage.look import *
from test_every_scene import outside_margin
M={ 'def':((2,1),(1,2)),'mixed':((1,2),(2,1)),'neg':((-2,-1),(-1,-2)),'flat':((1,1),(1,1)),'flatneg':((0,0),(.3,-1)),'mirror':((0,1),(1,0)),'shear':((1,1),(0,1)),'bshear':((-1,0),(-1,-1)),'nil':((0,2),(0,0)),'spiral':((1,2),(-1,1)),'double':((2,0),(0,2)),'half':((-1,0),(0,-1)),'rot':((0,-1),(1,0)),'big':((3,3),(3,3)),'big2':((3,3),(3,-3)),'fib':((1,1),(1,0)),'small':((.3,0),(0,-.1)),'skew':((1,3),(0.1,1)),'steep':((1,1),(1,1.1)), 'bigrot':((3,-3),(3,3)),'proj':((1,0),(0,0)), 'third':((-0.5,-0.87),(0.87,-0.5))}
LOOKS=[Look(fps=15),Look("dark", Aspect.TALL, fps=15)]
@pytest.mark.parametrize("name",M)
@pytest.mark.parametrize("look",LOOKS,ids=lambda l:str(l.aspect))
def test_it(staged,name,look):
    for start in [(-1,2)] if look.aspect!=Aspect.WIDE else [(-1,2),(1,-1)]:
        over={}
        def la(scene,beat): 
            o=outside_margin(scene)
            if o: over[beat.index]=o
        s=staged(Eigenvectors(matrix=M[name],start=start,steps=8 if start[0]<0 else 10),look,on_beat_end=la)
        bad=[(b.index,b.caption) for b in s.beats if len(b.caption.split())>14 or not 6<=b.end-b.start<=20]
        if look.aspect==Aspect.WIDE: print(name,start,round(s.beats[-1].end,1),[ (b.caption) for b in s.beats])
        assert not bad,bad
        assert 60<=s.beats[-1].end<=120
        assert not over,over
