import engine.networks as n
from engine.networks.stylegan3 import StyleGAN3
n.FAMILIES["stylegan3"]=StyleGAN3
n.FAMILIES["stylegan3r"]=type("R",(),{"tiny":staticmethod(lambda **c: StyleGAN3.tiny(variant="r",**c))})
from tests.networks.test_families import *
from tests.networks.test_families import _seeded
